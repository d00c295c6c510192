using System.Globalization;
using Mcptt.Benchmarks.Calls;

namespace Mcptt.Benchmarks.Engine;

/// <summary>What one engine's column of the table says.</summary>
internal sealed record EngineColumn(string Name, IReadOnlyList<string> Cells)
{
    public static IReadOnlyList<string> Rows { get; } =
    [
        "echo at 1 000/s, p50 / p99 ms",
        "echo, most per second",
        "echo, commands per second of processor",
        "with one event stored, at 1 000/s, p50 / p99 ms",
        "with one event stored, most per second",
        "the same, per second of processor",
        "of its processor time, µs: caller and nodes / PostgreSQL",
        "kill -9 to the first answer of each shard, p50 / p99 ms",
        "load average before it, by other work",
    ];

    public static EngineColumn Of(EngineFigures figures, string takeOver, string load) =>
        new(
            figures.Name,
            [
                Text($"{figures.Echo.Quantile(0.5) / 1000:F2} / {figures.Echo.Quantile(0.99) / 1000:F1}"),
                Text($"{figures.EchoMost.PerSecond:N0}"),
                Text($"{figures.EchoMost.PerProcessorSecond:N0}"),
                Text($"{figures.Journaled.Quantile(0.5) / 1000:F2} / {figures.Journaled.Quantile(0.99) / 1000:F1}"),
                Text($"{figures.JournaledMost.PerSecond:N0}"),
                Text($"{figures.JournaledMost.PerProcessorSecond:N0}"),
                Text($"{figures.JournaledMost.OthersMicroseconds:F0} / {figures.JournaledMost.DatabaseMicroseconds:F0}"),
                takeOver,
                load,
            ]);

    /// <summary>The column of a table that was written before; null: it has none that begins so, or other rows.</summary>
    public static EngineColumn? Kept(string table, string prefix)
    {
        var lines = table.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        var place = lines.Count == 0 ? -1 : Array.FindIndex(lines[0], name => name.StartsWith(prefix, StringComparison.Ordinal));
        return place > 0 && lines.Skip(2).Select(line => line[0]).SequenceEqual(Rows) && lines.All(line => line.Length == lines[0].Length)
            ? new EngineColumn(lines[0][place], [.. lines.Skip(2).Select(line => line[place])])
            : null;
    }

    public static string Spread(IReadOnlyList<double> milliseconds) => Text($"{Latencies.Quantile(milliseconds, 0.5):F0} / {Latencies.Quantile(milliseconds, 0.99):F0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
