using System.Globalization;
using System.Text;
using Mcptt.Benchmarks.Calls;

namespace Mcptt.Benchmarks.Engine;

/// <summary>The figures as a table for ops/docs/engines.md, and what follows from them for more machines.</summary>
internal static class EngineReport
{
    private const string Begin = "<!-- benchmark engine: begin -->";
    private const string End = "<!-- benchmark engine: end -->";
    private const string Page = "ops/docs/engines.md";

    // The model: machines like this one, that do nothing but run actors, and a database machine of its own.
    private const int Machines = 10;
    private const int CoresOfMachine = 2;
    private const int CoresOfDatabase = 16;

    // What a processor may be loaded with before waiting grows.
    private const double Usable = 0.7;

    public static string Of(IReadOnlyList<EngineFigures> figures, IReadOnlyList<double> cold, IReadOnlyList<double> warm, string load)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        Line($"| | {string.Join(" | ", figures.Select(figure => figure.Name))} |");
        Line($"|---|{string.Concat(Enumerable.Repeat("---|", figures.Count))}");
        Row("echo at 1 000/s, p50 / p99 ms", figure => $"{figure.Echo.Quantile(0.5) / 1000:F2} / {figure.Echo.Quantile(0.99) / 1000:F1}");
        Row("echo, most per second", figure => $"{figure.EchoMost.PerSecond:N0}");
        Row("echo, commands per second of processor", figure => $"{figure.EchoMost.PerProcessorSecond:N0}");
        Row("with one event stored, at 1 000/s, p50 / p99 ms", figure => $"{figure.Journaled.Quantile(0.5) / 1000:F2} / {figure.Journaled.Quantile(0.99) / 1000:F1}");
        Row("with one event stored, most per second", figure => $"{figure.JournaledMost.PerSecond:N0}");
        Row("the same, per second of processor", figure => $"{figure.JournaledMost.PerProcessorSecond:N0}");
        Row("of its processor time, µs: caller and nodes / PostgreSQL", figure => $"{figure.JournaledMost.OthersMicroseconds:F0} / {figure.JournaledMost.DatabaseMicroseconds:F0}");
        Row("kill -9 to the first answer of each shard, p50 / p99 ms", figure => figure == figures[^1] ? $"{Spread(warm)}; not rehearsed {Spread(cold)}" : "");
        Line("");
        Line($"One machine with {Environment.ProcessorCount} processors carries the caller, all nodes and PostgreSQL, so more nodes are not faster here: what counts is that they cost hardly more per command. Throughput is the best of {EngineLoad.Rounds} rounds of {EngineLoad.Round.TotalSeconds} s, latencies are of all rounds. The load average was {load} before the run, by other work.");
        Line("");
        Model(figures[^1].JournaledMost);
        return text.ToString().TrimEnd();

        void Row(string name, Func<EngineFigures, string> of) => Line($"| {name} | {string.Join(" | ", figures.Select(of))} |");

        void Line(string line) => text.Append(line).Append('\n');

        void Model(Throughput measured)
        {
            var nodes = Machines * CoresOfMachine * Usable * 1e6 / measured.OthersMicroseconds;
            var database = CoresOfDatabase * Usable * 1e6 / measured.DatabaseMicroseconds;
            Line($"What ten machines would give, by this model: {Machines} machines with {CoresOfMachine} such processors run callers and actors and nothing else, the database has a machine of its own with {CoresOfDatabase}, and each processor");
            Line($"is used to {Usable:P0}. By their processors the ten carry {nodes:N0} commands with an event per second, PostgreSQL {database:N0}: {(nodes < database ? "the nodes are the bound" : "PostgreSQL is the bound, and more nodes do not help")}.");
            Line($"Assumed and not measured: that PostgreSQL's cost per event stays the same with ten writers (each has its own group commit, so batches are smaller), that its disk keeps up (one write-ahead log), and that the network adds nothing.");
        }
    }

    public static void Write(string report)
    {
        var page = Find();
        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{Page} has not the lines {Begin} and {End}");
        }

        File.WriteAllText(page, text[..(begin + Begin.Length)] + "\n" + report + "\n" + text[end..]);
    }

    private static string Spread(IReadOnlyList<double> milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Latencies.Quantile(milliseconds, 0.5):F0} / {Latencies.Quantile(milliseconds, 0.99):F0}");

    /// <summary>Processes that ran or wanted to, of the last minute: "0.72 2.35 3.90 1/500 12345".</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string Find()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Page)))
            {
                return Path.Combine(folder.FullName, Page);
            }
        }

        throw new FileNotFoundException($"run it within the repository: there is no {Page}");
    }
}
