using System.Globalization;
using Mcptt.Engines;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Xunit.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Processes;

public sealed class NodeLossTests(ITestOutputHelper output)
{
    private const int Actors = 64;

    private static readonly string[] Nodes = ["one", "two", "three"];

    // The engine's defaults.
    private static readonly Times Times = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));

    // A take-over takes Akka more than ten seconds; MCPTT_TEST_NODE_KILLS kills more often.
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("MCPTT_TEST_NODE_KILLS") ?? "2", CultureInfo.InvariantCulture);

    [RequiresPostgresFact]
    public async Task Kill_9_of_any_node_at_random_loses_no_acknowledged_command_and_doubles_none()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var cluster = await ProcessCluster.StartAsync(Times, Nodes);
        await using var load = new LedgerLoad(cluster.Driver, Actors, TimeSpan.FromMilliseconds(20));
        var takeOvers = new List<TimeSpan>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.ContinueAsync();
            await Task.Delay(random.Next(200));
            var victim = Nodes[random.Next(Nodes.Length)];
            var actors = cluster.ActorsOf(victim, load.Actors);
            var killed = TimeProvider.System.GetUtcNow();
            await cluster.KillAsync(victim);
            await cluster.ContinueAsync(load);
            takeOvers.AddRange(await TakeOvers.ReadAsync(cluster.Journal, actors, killed));
            await cluster.StartAsync(victim);
            await cluster.SettleAsync();
        }

        await load.VerifyAsync(cluster.Journal);
        takeOvers.Sort();
        Assert.NotEmpty(takeOvers);
        output.WriteLine($"seed {seed}, {Kills} kills, {load.Answers} answers; {takeOvers.Count} actors taken over: "
            + $"first {takeOvers[0].TotalSeconds:F1} s, p50 {takeOvers[takeOvers.Count / 2].TotalSeconds:F1} s, p99 {takeOvers[takeOvers.Count * 99 / 100].TotalSeconds:F1} s, last {takeOvers[^1].TotalSeconds:F1} s");
    }

    [RequiresPostgresFact]
    public async Task A_frozen_node_loses_its_shards_says_nothing_stale_when_it_goes_on_and_joins_again()
    {
        await using var cluster = await ProcessCluster.StartAsync(Times with { StableAfter = TimeSpan.FromSeconds(2) }, Nodes);
        await using var load = new LedgerLoad(cluster.Driver, Actors, TimeSpan.FromMilliseconds(20));
        await load.ContinueAsync();
        var frozen = cluster.View.Named("two")!.Uid; // It is there: the cluster has settled.
        cluster.Signal("two", "STOP");
        await load.ContinueAsync();
        await cluster.UntilAsync(() => cluster.View.Nodes.All(node => node.Uid != frozen));
        await load.ContinueAsync();
        cluster.Signal("two", "CONT");
        await cluster.SettleAsync();
        await load.ContinueAsync();

        await load.VerifyAsync(cluster.Journal);
    }
}
