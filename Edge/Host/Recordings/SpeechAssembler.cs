using Mcptt.Media.Recording;
using Mcptt.Protocol.Rtp;
using Mcptt.Ue.Audio;

namespace Mcptt.Host.Recordings;

/// <summary>
/// G.711 recordings as one WAV file: within a burst a packet lies where its RTP timestamp says, so that a lost one is silence and a late one is where it
/// belongs; bursts lie where their first packet's time says. Who talks at the same time is mixed. A burst that began when another had ended, whose packets came late and
/// so lie over this one's beginning, lies behind it.
/// </summary>
internal sealed class SpeechAssembler(WavRecorder output, G711Law law, byte payloadType, RecordingWindow window, long startUs)
{
    /// <summary>Timestamps that leave the clock by more begin anew: the phone restarted its stream. Held speech comes a second ahead.</summary>
    private const int MaxDriftSamples = 2 * WavFile.SampleRate;

    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly List<Extent> _bursts = [];
    private short[] _samples = [];

    /// <summary>Packets that are no speech: telephone events, comfort noise.</summary>
    public int OtherPackets { get; private set; }

    public int SpeechPackets { get; private set; }

    public void Add(PcapReader recording)
    {
        Anchor? anchor = null;
        Extent? extent = null;
        var seen = new HashSet<(uint Ssrc, uint Timestamp)>();
        while (recording.TryNext())
        {
            var packet = recording.Packet.Span;
            if (!RtpHeader.TryRead(packet, out var header) || header.PayloadType != payloadType || !header.TryGetPayload(packet, out var payload))
            {
                OtherPackets++;
                continue;
            }

            var arrival = SampleOf(recording.TimeUs);
            extent ??= new Extent(BehindSamples(arrival));
            anchor = anchor is { } current && current.Fits(header, arrival + extent.Behind) ? current : new Anchor(header.Ssrc, header.Timestamp, arrival + extent.Behind);
            extent.Take(arrival, anchor.Value.Place(header) + payload.Length);

            // The network doubles a packet now and then; mixed with itself it would be louder.
            if (seen.Add((header.Ssrc, header.Timestamp)))
            {
                SpeechPackets++;
                Write(anchor.Value.Place(header), payload);
            }
        }

        if (extent is not null)
        {
            _bursts.Add(extent);
        }
    }

    // At most what a burst's timestamps may leave the clock by, and what the bursts before it were behind: a pause makes up for both.
    private long BehindSamples(long arrival) =>
        _bursts.Where(burst => burst.LastArrival <= arrival).Select(burst => burst.End - arrival).Append(0).Max();

    private void Write(long position, ReadOnlySpan<byte> payload)
    {
        if (_samples.Length < payload.Length)
        {
            _samples = new short[payload.Length];
        }

        G711.Decode(payload, _samples, law);
        var first = Math.Max(position, 0);
        var end = Math.Min(position + payload.Length, window.ToUs == long.MaxValue ? long.MaxValue : SampleOf(window.ToUs));
        if (end > first)
        {
            output.Write(first, _samples.AsSpan((int)(first - position), (int)(end - first)));
        }
    }

    // Nearest, also of what lies before the start.
    private long SampleOf(long timeUs) => (long)Math.Floor(((double)(timeUs - startUs) * WavFile.SampleRate / MicrosecondsPerSecond) + 0.5);

    private readonly record struct Anchor(uint Ssrc, uint Timestamp, long Sample)
    {
        public bool Fits(RtpHeader header, long arrival) => header.Ssrc == Ssrc && Math.Abs(Place(header) - arrival) <= MaxDriftSamples;

        // RFC 3550 5.1: timestamps wrap around.
        public long Place(RtpHeader header) => Sample + (int)(header.Timestamp - Timestamp);
    }

    /// <summary>What a burst takes up: by the arrival of its packets, and in the file.</summary>
    private sealed class Extent(long behind)
    {
        /// <summary>How much later than it came it is heard.</summary>
        public long Behind { get; } = behind;

        public long LastArrival { get; private set; } = long.MinValue;

        public long End { get; private set; } = long.MinValue;

        public void Take(long arrival, long end) => (LastArrival, End) = (Math.Max(LastArrival, arrival), Math.Max(End, end));
    }
}
