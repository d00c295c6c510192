using System.Globalization;
using Mcptt.Benchmarks.Akka;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <summary>
/// The same commands through each engine, local and over one to three nodes that are processes of their own, all with the journal in one PostgreSQL on this machine: round
/// trip, throughput, processor time of everything that takes part, take-over after kill -9. A build with Akka.NET measures that engine too; another one keeps its column of the
/// page. With --write-docs the table goes into ops/docs/engines.md. "engine take-over"
/// measures that alone, "engine memory [USERS]" what registered users cost a node.
/// </summary>
internal static class EngineBenchmark
{
    private const int MostNodes = 3;

    public static async Task RunAsync(string[] args)
    {
        if (args is ["node", var connection, var name, var rehearsed])
        {
            await EngineNode.RunAsync(connection, name, int.Parse(rehearsed, CultureInfo.InvariantCulture));
            return;
        }

        if (await AkkaBenchmarks.IsNodeAsync(args))
        {
            return;
        }

        if (args is ["memory", ..])
        {
            await RegisteredUsers.MeasureAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
            return;
        }

        using var server = PostgresServer.Create();
        if (args is ["take-over"])
        {
            await TakeOvers.MeasureAsync(server, rehearsed: 0);
            await TakeOvers.MeasureAsync(server, rehearsed: 64);
            await AkkaBenchmarks.TakeOversAsync(server);
            return;
        }

        var (columns, most) = await MeasureAsync(server);
        if ((await AkkaBenchmarks.MeasureAsync(server) ?? EngineColumn.Kept(EngineReport.Read(), AkkaBenchmarks.ColumnPrefix)) is { } akka)
        {
            columns.Add(akka);
        }

        var report = EngineReport.Of(columns, most);
        Console.WriteLine(report);
        if (args.Contains("--write-docs"))
        {
            EngineReport.Write(report);
        }
    }

    private static async Task<(List<EngineColumn> Columns, Throughput Most)> MeasureAsync(PostgresServer server)
    {
        var measured = new List<(EngineFigures Figures, string Load)>();
        var before = EngineReport.Load();
        await using (var local = await LocalSetup.StartAsync(server))
        {
            measured.Add((await EngineLoad.MeasureAsync(local, server), before));
        }

        for (var nodes = 1; nodes <= MostNodes; nodes++)
        {
            var load = EngineReport.Load();
            await using var cluster = await ClusterSetup.StartAsync(server, nodes);
            measured.Add((await EngineLoad.MeasureAsync(cluster, server), load));
        }

        var cold = EngineColumn.Spread(await TakeOvers.MeasureAsync(server, rehearsed: 0));
        var warm = EngineColumn.Spread(await TakeOvers.MeasureAsync(server, rehearsed: 64));
        return (
            [.. measured.Select(one => EngineColumn.Of(one.Figures, one == measured[^1] ? $"{warm}; not rehearsed {cold}" : "", one.Load))],
            measured[^1].Figures.JournaledMost);
    }
}
