using Mcptt.Media.Recording;

namespace Mcptt.Host.Recordings;

/// <summary>Recordings as one pcap in the order of time. Open at once are only those that overlap.</summary>
internal static class PcapMerger
{
    /// <param name="recordings">In the order of their beginnings.</param>
    /// <param name="open">Opens one.</param>
    /// <param name="window">What lies outside is left out.</param>
    /// <param name="output">Gets the file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Packets in it.</returns>
    public static async Task<long> MergeAsync(
        IReadOnlyList<CheckedRecording> recordings,
        Func<CheckedRecording, PcapReader> open,
        RecordingWindow window,
        Stream output,
        CancellationToken cancellationToken)
    {
        long packets = 0;
        var next = 0;
        var readers = new PriorityQueue<PcapReader, long>();
        await output.WriteAsync(PcapReader.FileHeader(), cancellationToken);
        try
        {
            while (readers.Count > 0 || next < recordings.Count)
            {
                while (next < recordings.Count && (!readers.TryPeek(out _, out var earliest) || recordings[next].Speech.Burst.StartedUs <= earliest))
                {
                    Advance(readers, open(recordings[next++]));
                }

                if (!readers.TryDequeue(out var reader, out var timeUs))
                {
                    continue;
                }

                if (window.Holds(timeUs))
                {
                    await output.WriteAsync(reader.Record, cancellationToken);
                    packets++;
                }

                Advance(readers, reader);
            }
        }
        finally
        {
            while (readers.TryDequeue(out var reader, out _))
            {
                reader.Dispose();
            }
        }

        return packets;
    }

    private static void Advance(PriorityQueue<PcapReader, long> readers, PcapReader reader)
    {
        if (reader.TryNext())
        {
            readers.Enqueue(reader, reader.TimeUs);
        }
        else
        {
            reader.Dispose();
        }
    }
}
