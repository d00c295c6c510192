using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Media.Recording;

/// <summary>From the name that a journal has of a recording to its file.</summary>
public static class RecordingPath
{
    /// <summary>The journal may have been tampered with: only a name that the recorder could have given is a path in the folder.</summary>
    public static bool TryLocate(string folder, string file, [NotNullWhen(true)] out string? path)
    {
        var parts = file.Split('/');
        var isOurs = parts.Length == 3
            && RecordingName.TryParseDay(parts[0], out _)
            && RecordingName.IsUsableCall(parts[1])
            && parts[2].EndsWith(RecordingName.Extension, StringComparison.Ordinal)
            && parts[2].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-');
        path = isOurs ? Path.Combine(folder, parts[0], parts[1], parts[2]) : null;
        return isOurs;
    }
}
