using System.Globalization;
using System.Text;

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

    /// <param name="columns">Of all engines.</param>
    /// <param name="most">Of the cluster from which the model goes on.</param>
    public static string Of(IReadOnlyList<EngineColumn> columns, Throughput most)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        Line($"| | {string.Join(" | ", columns.Select(column => column.Name))} |");
        Line($"|---|{string.Concat(Enumerable.Repeat("---|", columns.Count))}");
        foreach (var (row, name) in EngineColumn.Rows.Index())
        {
            Line($"| {name} | {string.Join(" | ", columns.Select(column => column.Cells[row]))} |");
        }

        Line("");
        Line($"One machine with {Environment.ProcessorCount} processors carries the caller, all nodes and PostgreSQL, so more nodes are not faster here: what counts is that they cost hardly more per command. Throughput is the best of {EngineLoad.Rounds} rounds of {EngineLoad.Round.TotalSeconds} s, latencies are of all rounds.");
        Line("");
        Model(most);
        return text.ToString().TrimEnd();

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
        var (begin, end) = Block(text);
        File.WriteAllText(page, text[..begin] + "\n" + report + "\n" + text[end..]);
    }

    /// <summary>What the page says now.</summary>
    public static string Read()
    {
        var text = File.ReadAllText(Find());
        var (begin, end) = Block(text);
        return text[begin..end];
    }

    private static (int Begin, int End) Block(string text)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin ? (begin + Begin.Length, end) : throw new InvalidOperationException($"{Page} has not the lines {Begin} and {End}");
    }

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
