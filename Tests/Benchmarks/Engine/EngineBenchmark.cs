using System.Globalization;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <summary>
/// The same commands through each engine, local and over one to three nodes that are processes of their own, all with the journal in one PostgreSQL on this machine: round
/// trip, throughput, processor time of everything that takes part, take-over after kill -9. With --write-docs the table goes into ops/docs/engines.md. "engine take-over"
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

        if (args is ["memory", ..])
        {
            await RegisteredUsers.MeasureAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
            return;
        }

        var load = EngineReport.Load();
        using var server = PostgresServer.Create();
        if (args is ["take-over"])
        {
            await TakeOvers.MeasureAsync(server, rehearsed: 0);
            await TakeOvers.MeasureAsync(server, rehearsed: 64);
            return;
        }

        var figures = new List<EngineFigures>();
        await using (var local = await LocalSetup.StartAsync(server))
        {
            figures.Add(await EngineLoad.MeasureAsync(local, server));
        }

        for (var nodes = 1; nodes <= MostNodes; nodes++)
        {
            await using var cluster = await ClusterSetup.StartAsync(server, nodes);
            figures.Add(await EngineLoad.MeasureAsync(cluster, server));
        }

        var cold = await TakeOvers.MeasureAsync(server, rehearsed: 0);
        var warm = await TakeOvers.MeasureAsync(server, rehearsed: 64);
        var report = EngineReport.Of(figures, cold, warm, load);
        Console.WriteLine(report);
        if (args.Contains("--write-docs"))
        {
            EngineReport.Write(report);
        }
    }
}
