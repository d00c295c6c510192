using Mcptt.Actors.Shards;
using Mcptt.Benchmarks.Calls;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <summary>
/// A node that has never owned a shard takes all of them over from one that is killed; a command for each waits meanwhile. Milliseconds from kill -9 to each answer.
/// </summary>
internal static class TakeOvers
{
    private const int Trials = 3;
    private const int Actors = 640;

    public static async Task<IReadOnlyList<double>> MeasureAsync(PostgresServer server, int rehearsed)
    {
        var all = new List<double>();
        for (var trial = 0; trial < Trials; trial++)
        {
            await using var cluster = await ClusterSetup.StartAsync(server, nodes: 1, rehearsed);
            await cluster.PinAllAsync("node1");
            for (var actor = 0; actor < Actors; actor++)
            {
                await EngineLoad.TimeAsync(cluster.Sink, EngineLoad.Tick(actor, trial));
            }

            await cluster.JoinAsync("node2");
            cluster.Kill("node1");

            // One command for each shard.
            var shards = cluster.Driver.View.Shards.Count;
            var one = Enumerable.Range(0, Actors).GroupBy(actor => ShardKey.ShardOf(EngineLoad.UserOf(actor), shards)).Select(alike => alike.First());
            all.AddRange((await Task.WhenAll(one.Select(actor => EngineLoad.TimeAsync(cluster.Sink, EngineLoad.Tick(actor, Trials + trial))))).Select(time => time / 1_000));
        }

        Console.Error.WriteLine($"take-over, {rehearsed} rehearsed: p50 {Latencies.Quantile(all, 0.5):F0} ms, p99 {Latencies.Quantile(all, 0.99):F0} ms");
        return all;
    }
}
