using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>What no source file may hold, with the reason that the failing test shows.</summary>
internal static partial class SourceRules
{
    public const int MaxFileLines = 400;

    private static readonly (Regex Pattern, string Reason)[] Bans =
    [
        (Region(), "a region hides size: make the file smaller"),
        (Unfinished(), "unfinished work belongs into an issue, with its number beside the word"),
        (EmptyAssertion(), "a test that cannot fail guards nothing"),
        (SkippedTest(), "a test is mended or removed; RequiresToolFact skips for a missing program"),
        (SwallowedException(), "a swallowed exception is a lost failure"),
        (RoleLessName(), "the name says no role"),
        (AsyncVoid(), "an exception in async void ends the process"),
    ];

    public static IEnumerable<string> Violations(string path, string text)
    {
        var lines = text.AsSpan().Count('\n');
        if (lines > MaxFileLines)
        {
            yield return $"{path}: {lines} lines, more than {MaxFileLines}: split it by what it holds";
        }

        foreach (var (pattern, reason) in Bans)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                yield return $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: \"{match.Value.Trim()}\": {reason}";
            }
        }
    }

    [GeneratedRegex(@"^\s*#region", RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK)\b(?!\s*\(#\d+\))")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"Assert\.True\(true\)")]
    private static partial Regex EmptyAssertion();

    [GeneratedRegex(@"(Fact|Theory)\([^)]*Skip\s*=")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"catch\s*(\(Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex SwallowedException();

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Manager|Helper|Utils?|Common|Impl)\b")]
    private static partial Regex RoleLessName();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();
}
