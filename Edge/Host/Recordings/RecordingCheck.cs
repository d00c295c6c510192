using System.Security.Cryptography;
using Mcptt.Media.Recording;

namespace Mcptt.Host.Recordings;

internal enum RecordingVerdict
{
    /// <summary>Byte for byte what the journal says.</summary>
    Whole,

    /// <summary>The server deleted it, and the journal says so.</summary>
    Dropped,
    Missing,
    Changed,

    /// <summary>The journal names a file that the recorder cannot have written.</summary>
    Misnamed,
    Unreadable,
}

/// <summary>A recording, where its file should be, and whether it is what the journal says.</summary>
/// <param name="Detail">For people; empty when it is whole.</param>
internal sealed record CheckedRecording(RecordedSpeech Speech, string Path, RecordingVerdict Verdict, string Detail)
{
    public bool IsWhole => Verdict == RecordingVerdict.Whole;

    /// <summary>Nothing in the journal explains it.</summary>
    public bool IsTampered => Verdict is RecordingVerdict.Missing or RecordingVerdict.Changed or RecordingVerdict.Misnamed or RecordingVerdict.Unreadable;
}

internal static class RecordingCheck
{
    public static async Task<CheckedRecording> OfAsync(string folder, RecordedSpeech speech, CancellationToken cancellationToken)
    {
        var burst = speech.Burst;
        if (!RecordingPath.TryLocate(folder, burst.File, out var path))
        {
            return new CheckedRecording(speech, "", RecordingVerdict.Misnamed, $"the journal names \"{burst.File}\", which no recording can be called");
        }

        if (!File.Exists(path))
        {
            return speech.IsDropped
                ? new CheckedRecording(speech, path, RecordingVerdict.Dropped, "deleted by the server, as the journal says")
                : new CheckedRecording(speech, path, RecordingVerdict.Missing, $"{path} is not there, and the journal does not say that it was deleted");
        }

        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, useAsync: true);
            var sha256 = await SHA256.HashDataAsync(file, cancellationToken);
            return burst.Sha256.Span.SequenceEqual(sha256)
                ? new CheckedRecording(speech, path, RecordingVerdict.Whole, "")
                : new CheckedRecording(
                    speech,
                    path,
                    RecordingVerdict.Changed,
                    $"{path} has {file.Length} octets and SHA-256 {Hex(sha256)}; the journal says {burst.Octets} octets and {Hex(burst.Sha256.Span)}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new CheckedRecording(speech, path, RecordingVerdict.Unreadable, failure.Message);
        }
    }

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}
