using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Streams;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Engines.Postgres;

public sealed class PostgresEngineTests : IAsyncLifetime
{
    private const string Alice = "sip:alice@example.org";

    private static readonly ClusterOptions Options = new() { ConnectionString = "", NodeName = "newer", Listener = new IPEndPoint(IPAddress.Loopback, 0) };

    private readonly PostgresCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [RequiresPostgresFact]
    public async Task A_node_whose_session_ends_loses_its_shards_answers_nothing_more_for_them_and_joins_again()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        var edge = await _cluster.JoinAsync("edge", actors: false);
        await _cluster.SettleAsync(one, two);
        await using var load = new LedgerLoad(edge.Engine, actors: 24);
        for (var round = 0; round < 5; round++)
        {
            await load.ContinueAsync();
            await _cluster.CutOffAsync(round % 2 == 0 ? one : two);
            await load.ContinueAsync();
            await _cluster.SettleAsync(one, two);
        }

        await load.VerifyAsync(_cluster.Journal);
    }

    [RequiresPostgresFact]
    public async Task An_operator_drains_a_node_and_pins_a_shard()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);

        Assert.True(await one.Engine.DrainNodeAsync("two", true, CancellationToken.None));
        await _cluster.UntilAsync(() => two.Engine.OwnedShards.Count == 0, () => "two keeps shards");
        Assert.True(await one.Engine.DrainNodeAsync("two", false, CancellationToken.None));
        await _cluster.SettleAsync(one, two);

        var shard = one.Engine.OwnedShards[0];
        Assert.True(await one.Engine.MoveShardAsync(shard, "two", CancellationToken.None));
        await _cluster.UntilAsync(() => two.Engine.OwnedShards.Contains(shard), () => $"shard {shard} does not move");
        Assert.False(await one.Engine.MoveShardAsync(PostgresCluster.Shards, "two", CancellationToken.None));
        Assert.False(await one.Engine.DrainNodeAsync("three", true, CancellationToken.None));
    }

    [RequiresPostgresFact]
    public async Task Effects_and_told_commands_cross_nodes()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);
        for (var i = 0; i < 20; i++)
        {
            await one.SayAsync($"sip:teller{i}@example.org", $"tell{i}", $"tell>sip:told{i}@example.org>sip>heard{i}");
        }

        await _cluster.UntilAsync(() => _cluster.World.Sip.Count == 20, () => $"{_cluster.World.Sip.Count} of 20 effects");
        Assert.Equal(["sip>heard3"], await two.WordsAsync("sip:told3@example.org"));
    }

    [RequiresPostgresFact]
    public async Task While_nobody_owns_a_shard_its_commands_wait_in_order_and_what_is_beyond_the_limit_is_refused()
    {
        const int limit = 8;
        var caller = await _cluster.JoinAsync("caller", actors: false, options => options with { LaneLimit = limit });
        var waiting = Enumerable.Range(0, limit).Select(number => caller.SayAsync(Alice, $"c{number}", $"{number}").AsTask()).ToList();
        var refused = await Task.WhenAll(Enumerable.Range(0, limit).Select(number => caller.SayAsync(Alice, $"more{number}", "more").AsTask()));
        Assert.All(refused, reply => Assert.Equal(UnavailableReason.Overloaded, reply.Unavailable?.Reason));

        await _cluster.JoinAsync("one");
        Assert.All(await Task.WhenAll(waiting), reply => Assert.NotNull(reply.Accepted));
        Assert.Equal(Enumerable.Range(0, limit).Select(number => $"{number}"), await caller.WordsAsync(Alice));
    }

    [RequiresPostgresFact]
    public async Task A_request_of_a_newer_node_that_this_one_does_not_know_is_answered_so_and_the_stream_goes_on()
    {
        var one = await _cluster.JoinAsync("one");
        var address = one.Engine.View.Named("one")!.Address;
        await using var stream = new NodeStream(Options, null, address, TimeProvider.System, NullLogger.Instance);

        // Field 999, of no length.
        var answer = await stream.SendAsync(NodeRequest.Parser.ParseFrom([0xBA, 0x3E, 0x00]));
        Assert.True(answer?.NotUnderstood);
        var moved = await stream.SendAsync(new NodeRequest { Command = new RoutedCommand { Command = LedgerKind.Get(ActorAddresses.Ue(Alice)), Shard = 0, Epoch = -1 } });
        Assert.Equal(UnavailableReason.Moved, moved?.Reply.Unavailable?.Reason);
    }

    [RequiresPostgresFact]
    public async Task Shards_with_events_that_an_older_node_does_not_read_stay_with_those_that_do_and_do_not_wander()
    {
        var one = await _cluster.JoinAsync("one", change: options => options with { Format = new EventFormat(Reads: 2, Writes: 2) });
        await _cluster.SettleAsync(one);
        var old = await _cluster.JoinAsync("old", change: options => options with { Format = new EventFormat(Reads: 1, Writes: 1) });
        var two = await _cluster.JoinAsync("two", change: options => options with { Format = new EventFormat(Reads: 2, Writes: 1) });
        await _cluster.SettleAsync(one, two);
        var epochs = two.Engine.View.Shards.Select(row => row.Epoch).ToList();
        Assert.NotNull((await old.SayAsync(Alice, "c1", "word")).Accepted);

        // Another look of every node at the tables, and a third.
        await two.Engine.DrainNodeAsync("caller", false, CancellationToken.None);
        await _cluster.CutOffAsync(old);
        await _cluster.UntilAsync(() => old.Engine.IsMember && two.Engine.View.Nodes.Count(node => node.Name == "old") == 1, () => "old does not come back");
        Assert.Empty(old.Engine.OwnedShards);
        Assert.Equal(epochs, two.Engine.View.Shards.Select(row => row.Epoch));

        // What nobody can read is not taken by anybody, and comes back with who can.
        await _cluster.CrashAsync(one);
        await _cluster.SettleAsync(two);
        await _cluster.CrashAsync(two);
        await _cluster.UntilAsync(() => old.Engine.View.Nodes.Count == 1, () => "two lives");
        Assert.Empty(old.Engine.OwnedShards);
        var next = await _cluster.JoinAsync("next", change: options => options with { Format = new EventFormat(Reads: 3, Writes: 2) });
        await _cluster.SettleAsync(next);
        Assert.Equal(["word"], await old.WordsAsync(Alice));
    }

    [RequiresPostgresTheory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_nodes_clock_that_is_set_by_an_hour_costs_no_lease_and_shifts_no_timer(int sign)
    {
        var clock = new SettableClock(TimeProvider.System);
        var time = new SteadyTime(clock);
        var one = await _cluster.JoinAsync("one", time: time);
        await _cluster.SettleAsync(one);
        var instance = one.Engine.View.Named("one")!.Instance;
        long Due(TimeSpan from) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch + from).Ticks / TimeSpan.TicksPerMicrosecond;
        foreach (var (actor, due) in ((string, long)[])[("sip:soon@example.org", Due(TimeSpan.FromSeconds(2))), ("sip:late@example.org", Due(TimeSpan.FromMinutes(50)))])
        {
            var reply = await one.Engine.SendAsync(LedgerKind.Make(ActorAddresses.Ue(actor), actor, "timer", $"t@{due}"), CancellationToken.None);
            Assert.NotNull(reply.Accepted);
        }

        clock.Offset = TimeSpan.FromHours(sign);
        await _cluster.UntilAsync(() => one.Engine.Metrics.Timers > 0, () => "the timer did not fire");
        Assert.Single(await one.WordsAsync("sip:soon@example.org"));
        Assert.Empty(await one.WordsAsync("sip:late@example.org"));
        Assert.True(one.Engine.IsMember);
        Assert.Equal(instance, one.Engine.View.Named("one")?.Instance);
    }

    [RequiresPostgresFact]
    public async Task A_death_is_known_to_all_at_once_also_when_who_watches_takes_no_shards()
    {
        // Each watches who joined next: the caller, which takes none, watches "one", and nobody would look by himself for a quarter of this.
        var lease = TimeSpan.FromMinutes(10);
        var caller = await _cluster.JoinAsync("caller", actors: false, options => options with { LeaseTime = lease });
        var one = await _cluster.JoinAsync("one", change: options => options with { LeaseTime = lease });
        await _cluster.SettleAsync(one);
        var two = await _cluster.JoinAsync("two", change: options => options with { LeaseTime = lease });
        await _cluster.SettleAsync(one, two);
        await _cluster.UntilAsync(() => caller.Engine.View.Nodes.Count == 3, () => "the caller does not see all");
        await _cluster.CutOffAsync(one);
        await _cluster.CrashAsync(one);

        await _cluster.SettleAsync(two);
    }
}
