using System.Globalization;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Xunit.Abstractions;

namespace Mcptt.Engines.Processes;

[Collection(nameof(Postgres.Outages))]
public sealed class NodeLossTests(ITestOutputHelper output)
{
    private const int Actors = 64;

    private static readonly string[] Nodes = ["one", "two", "three"];

    // A desk run kills a few times, CI more (MCPTT_TEST_NODE_KILLS).
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("MCPTT_TEST_NODE_KILLS") ?? "3", CultureInfo.InvariantCulture);

    // Whoever looks for the reason finds what the nodes said.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    // In seconds; in CI half a minute.
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("MCPTT_TEST_NODE_FREEZE") ?? "5", CultureInfo.InvariantCulture));

    [RequiresPostgresFact]
    public async Task Kill_9_of_any_node_at_random_loses_no_acknowledged_command_and_doubles_none()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var cluster = await ProcessCluster.StartAsync(TimeSpan.FromSeconds(5), Nodes);
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
            await load.ContinueAsync();
            var tookOver = await TakeOvers.ReadAsync(cluster.Journal, actors, killed);
            output.WriteLine($"{killed:HH:mm:ss.fff} kill {kill + 1}, {victim}: {tookOver.Count} actors, {tookOver.Min().TotalMilliseconds:F0} to {tookOver.Max().TotalMilliseconds:F0} ms");
            if (tookOver.Max() > Slow)
            {
                output.WriteLine(cluster.Account());
            }

            takeOvers.AddRange(tookOver);
            await cluster.StartAsync(victim);
            await cluster.SettleAsync();
        }

        await load.VerifyAsync(cluster.Journal);
        takeOvers.Sort();
        Assert.NotEmpty(takeOvers);
        output.WriteLine($"seed {seed}, {Kills} kills, {load.Answers} answers; {takeOvers.Count} actors taken over: "
            + $"p50 {takeOvers[takeOvers.Count / 2].TotalMilliseconds:F0} ms, p99 {takeOvers[takeOvers.Count * 99 / 100].TotalMilliseconds:F0} ms, last {takeOvers[^1].TotalMilliseconds:F0} ms");
    }

    [RequiresPostgresFact]
    public async Task A_frozen_node_loses_its_shards_and_says_nothing_stale_when_it_goes_on()
    {
        await using var cluster = await ProcessCluster.StartAsync(TimeSpan.FromSeconds(2), Nodes);
        await using var load = new LedgerLoad(cluster.Driver, Actors, TimeSpan.FromMilliseconds(20));
        await load.ContinueAsync();
        var frozen = cluster.Driver.View.Named("two")!.Instance;
        cluster.Signal("two", "STOP");
        await load.ContinueAsync();
        await cluster.UntilAsync(view => view.Alive(frozen) is null && view.Shards.All(row => row.Owner != frozen));
        await load.ContinueAsync();
        await Task.Delay(Frozen);
        cluster.Signal("two", "CONT");
        await cluster.SettleAsync();
        await load.ContinueAsync();

        await load.VerifyAsync(cluster.Journal);
    }
}
