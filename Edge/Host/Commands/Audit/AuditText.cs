using System.Globalization;
using Mcptt.Domain.Audit;

namespace Mcptt.Host.Commands.Audit;

/// <summary>Lines for people.</summary>
internal static class AuditText
{
    private const int Indent = 2;

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Heading(ReplayedState replayed)
    {
        var place = $"{replayed.PersistenceId}, after event {replayed.SequenceNumber} of {replayed.LastSequenceNumber}";
        return replayed.Last is { } last ? $"{place}, {Time(last.Time)}, {last.Description.Kind}: {last.Description.Sentence}" : $"{place}: nothing had happened yet.";
    }

    /// <summary>Names and values, each level further in, values of a level below one another.</summary>
    public static IEnumerable<string> State(IReadOnlyList<StateNode> nodes, int depth = 1)
    {
        var width = nodes.Where(node => node.Nodes.Count == 0).Select(node => node.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var node in nodes)
        {
            var margin = new string(' ', depth * Indent);
            yield return node.Nodes.Count > 0 ? margin + node.Name : $"{margin}{node.Name.PadRight(width)}  {OneLine(node.Value)}";
            foreach (var line in State(node.Nodes, depth + 1))
            {
                yield return line;
            }
        }
    }

    public static string Change(StateChange change) =>
        change switch
        {
            { Before: null } => $"  + {change.Path}: {OneLine(change.After ?? "")}",
            { After: null } => $"  - {change.Path}: {OneLine(change.Before)}",
            _ => $"  ~ {change.Path}: {OneLine(change.Before)} -> {OneLine(change.After)}",
        };

    // SDP and the like have lines of their own; one value is one line. Control characters of a stranger must not reach the terminal.
    public static string OneLine(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Replace("\r\n", "\\n", StringComparison.Ordinal).Select(letter => letter == '\n' ? "\\n" : char.IsControl(letter) ? "\uFFFD" : letter.ToString()))
            : text;
}
