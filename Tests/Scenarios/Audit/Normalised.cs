using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mcptt.Scenarios.Audit;

/// <summary>
/// What a document says without what differs from run to run: clock times and lengths, the call's id, names and hashes of recordings, and in
/// which order things came that happen beside each other. Sorted lines, for comparing.
/// </summary>
internal static partial class Normalised
{
    public static IReadOnlyList<string> Text(string document) => [.. document.Split('\n').Select(Line).Where(line => line.Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>Everything that a picture says on hovering, and its description.</summary>
    public static IReadOnlyList<string> Picture(string svg)
    {
        var said = XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName is "title" or "desc").SelectMany(element => element.Value.Split('\n'));
        return [.. said.Select(Line).Where(line => line.Length > 0).Order(StringComparer.Ordinal)];
    }

    private static string Line(string line)
    {
        var text = Hash().Replace(line, "HASH");
        text = File().Replace(text, "FILE");
        text = CallId().Replace(text, "CALL");
        text = Day().Replace(text, "DAY");
        text = Clock().Replace(text, "TIME");
        text = Length().Replace(text, "LENGTH");
        text = Packets().Replace(text, "FILE");
        text = Address().Replace(text, "ADDRESS");
        text = Fraction().Replace(text, "NUMBER");
        return Blank().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\S+\.pcap")]
    private static partial Regex File();

    [GeneratedRegex(@"\b([0-9a-f]{24}|[0-9a-f]{10})\b")]
    private static partial Regex CallId();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    private static partial Regex Day();

    [GeneratedRegex(@"\b\d{2}:\d{2}:\d{2}(\.\d+)?\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"-?\b(\d+\.\d+ s|\d+ min \d+ s)\b")]
    private static partial Regex Length();

    // How many packets a recording has, before its file in a table and after it in a sentence.
    [GeneratedRegex(@"\b\d+[ |]+\d+[ |]+FILE\b|\bFILE, \d+ packets|\b\d+ packets of speech")]
    private static partial Regex Packets();

    [GeneratedRegex(@"\b127\.0\.0\.1:\d+\b")]
    private static partial Regex Address();

    // Seconds in a column of their own.
    [GeneratedRegex(@"(?<![\d.])\d+\.\d(?![\d.])")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"[ \t]+|-{4,}")]
    private static partial Regex Blank();
}
