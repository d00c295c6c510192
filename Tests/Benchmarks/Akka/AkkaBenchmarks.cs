#if WITH_AKKA
using System.Globalization;
using Mcptt.Actors.Akka.Streams;
using Microsoft.Extensions.Logging.Abstractions;
#endif
using Mcptt.Benchmarks.Engine;
using Mcptt.Media;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Akka;

/// <summary>What of the benchmarks is Akka.NET's, where it is built in (-p:WithAkka=true).</summary>
internal static class AkkaBenchmarks
{
    public const string ColumnPrefix = "Akka.NET";

#if WITH_AKKA
    private const int Nodes = 3;

    /// <summary>Another way of voice through a media node.</summary>
    public static (string Name, Func<IRtpPipeline> Create)? Pipeline { get; } = ("Akka.Streams", () => new AkkaStreamsPipeline(NullLoggerFactory.Instance));

    /// <summary>This process is one of the nodes; it ends with its input. False: it is none.</summary>
    public static async Task<bool> IsNodeAsync(string[] args)
    {
        if (args is not ["akka-node", var connection, var name, var seed])
        {
            return false;
        }

        await AkkaNode.RunAsync(connection, name, seed);
        return true;
    }

    /// <summary>Three nodes, as a column of the table.</summary>
    public static async Task<EngineColumn?> MeasureAsync(PostgresServer server)
    {
        var load = EngineReport.Load();
        EngineFigures figures;
        await using (var cluster = await AkkaSetup.StartAsync(server, Nodes))
        {
            figures = await EngineLoad.MeasureAsync(cluster, server);
        }

        var takeOvers = await TakeOversAsync(server);
        return EngineColumn.Of(figures, EngineColumn.Spread(takeOvers), load);
    }

    /// <summary>A node in turn dies, also the first, on which Akka's coordinator stands; milliseconds from kill -9 to the first answer of each of its shards.</summary>
    public static async Task<IReadOnlyList<double>> TakeOversAsync(PostgresServer server)
    {
        var all = new List<double>();
        for (var trial = 1; trial <= Nodes; trial++)
        {
            await using var cluster = await AkkaSetup.StartAsync(server, Nodes);
            var actors = cluster.ActorPerShard();
            await Task.WhenAll(actors.Values.Select(actor => EngineLoad.TimeAsync(cluster.Sink, EngineLoad.Tick(actor, 0))));
            var lost = cluster.ShardsOf($"node{trial}");
            cluster.Kill($"node{trial}");
            all.AddRange((await Task.WhenAll(lost.Select(shard => EngineLoad.TimeAsync(cluster.Sink, EngineLoad.Tick(actors[shard], trial))))).Select(time => time / 1_000));
        }

        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"take-over, {ColumnPrefix}: {EngineColumn.Spread(all)} ms, slowest {all.Max():F0}, {all.Count} shards"));
        return all;
    }
#else
    public static (string Name, Func<IRtpPipeline> Create)? Pipeline => null;

    public static Task<bool> IsNodeAsync(string[] args) => Task.FromResult(false);

    /// <summary>Null: it is not built in.</summary>
    public static Task<EngineColumn?> MeasureAsync(PostgresServer server) => Task.FromResult<EngineColumn?>(null);

    public static Task TakeOversAsync(PostgresServer server) => Task.CompletedTask;
#endif
}
