using Mcptt.Host.Commands;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;
using Mcptt.Ue.Audio;

namespace Mcptt.Host.Recordings;

/// <summary>The file that a recorded call is put together into: speech as WAV, or everything as pcap. It gets its name when it is complete.</summary>
internal sealed class RecordedCallFile(CallRecording recording, RecordingWindow window, FileInfo output)
{
    private const string Wav = ".wav";
    private const string Pcap = ".pcap";
    private const string Partial = ".part";

    public static bool IsKnown(FileInfo output) => Is(output, Wav) || Is(output, Pcap);

    public static string Time(long us) => UnixTime.OfUs(us).ToString("yyyy-MM-dd HH:mm:ss.fff");

    /// <summary>Nothing is decoded but G.711: everything else is for tools that know it.</summary>
    public static void RefuseCodec(CallRecording recording, FileInfo output)
    {
        if (!Is(output, Wav))
        {
            return;
        }

        var instead = $"give -o {Path.ChangeExtension(output.Name, Pcap)}";
        if (recording.Audio is not { } audio)
        {
            throw new FailedException($"the journal does not say what codec call {recording.Call} had: {instead}");
        }

        if (audio.Profile.Contains("SAVP", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"call {recording.Call} was encrypted end to end (SRTP), so it cannot be heard here: {instead}");
        }

        if (LawOf(audio) is null)
        {
            throw new UsageException($"call {recording.Call} speaks {audio.Encoding}/{audio.ClockRate}, and WAV is made of PCMU and PCMA only: {instead}");
        }
    }

    /// <param name="whole">In the order of their beginnings.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <returns>What it is, for people.</returns>
    public async Task<string> WriteAsync(IReadOnlyList<CheckedRecording> whole, CancellationToken cancellationToken)
    {
        if (whole.Count == 0)
        {
            return $"{output.Name} was not written: nothing is left to be heard";
        }

        var partial = output.FullName + Partial;
        try
        {
            var what = Is(output, Wav) ? WriteWav(partial, whole, cancellationToken) : await WritePcapAsync(partial, whole, cancellationToken);
            File.Move(partial, output.FullName, overwrite: true);
            return $"{output.Name}: {what}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"{output}: {failure.Message}");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static bool Is(FileInfo output, string extension) => output.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static G711Law? LawOf(CallAudio audio) =>
        audio.ClockRate != WavFile.SampleRate || audio.Channels > 1 ? null
        : audio.Encoding.Equals("PCMU", StringComparison.OrdinalIgnoreCase) ? G711Law.MuLaw
        : audio.Encoding.Equals("PCMA", StringComparison.OrdinalIgnoreCase) ? G711Law.ALaw
        : null;

    private static string Recordings(IReadOnlyList<CheckedRecording> whole) => whole.Count == 1 ? "1 recording" : $"{whole.Count} recordings";

    private static PcapReader Open(CheckedRecording one)
    {
        var file = new FileStream(one.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return PcapReader.TryOpen(file, out var reader, out var problem) ? reader : throw new FailedException($"{one.Path}: {problem}");
    }

    private string WriteWav(string path, IReadOnlyList<CheckedRecording> whole, CancellationToken cancellationToken)
    {
        var startUs = Math.Max(window.FromUs, whole[0].Speech.Burst.StartedUs);
        var endUs = Math.Min(window.ToUs, whole.Max(one => one.Speech.Burst.EndedUs));
        if (TimeSpan.FromMicroseconds(endUs - startUs) >= WavRecorder.MaxDuration)
        {
            throw new UsageException($"that is {TimeSpan.FromMicroseconds(endUs - startUs).TotalHours:F1} hours, and a WAV file has at most {WavRecorder.MaxDuration.TotalHours:F0}: give --from and --to");
        }

        var audio = recording.Audio!; // RefuseCodec saw to it, as to the law.
        using var wav = new WavRecorder(path);
        var assembler = new SpeechAssembler(wav, LawOf(audio)!.Value, (byte)audio.PayloadType, window, startUs);
        foreach (var one in whole)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reader = Open(one);
            assembler.Add(reader);
        }

        var others = assembler.OtherPackets > 0 ? $"; {assembler.OtherPackets} packets are no speech ({audio.Encoding}) and left out" : "";
        return $"{Recordings(whole)}, {assembler.SpeechPackets} packets of speech, from {Time(startUs)} UTC{others}";
    }

    private async Task<string> WritePcapAsync(string path, IReadOnlyList<CheckedRecording> whole, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        var packets = await PcapMerger.MergeAsync(whole, Open, window, file, cancellationToken);
        return $"{Recordings(whole)}, {packets} packets";
    }
}
