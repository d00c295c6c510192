using Mcptt.Engines;

namespace Mcptt.Actors.Akka.Tests;

public sealed class AkkaEngineTests : IAsyncLifetime
{
    private readonly AkkaCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Nodes_share_the_shards_and_serve_each_others_actors()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        var edge = await _cluster.JoinAsync("edge", actors: false);
        await _cluster.SettleAsync(one, two);

        for (var i = 0; i < 40; i++)
        {
            Assert.NotNull((await edge.SayAsync($"sip:user{i}@example.org", $"c{i}", "word")).Accepted);
        }

        Assert.Equal(["word"], await one.WordsAsync("sip:user7@example.org"));
        Assert.Equal(["word"], await two.WordsAsync("sip:user7@example.org"));
        Assert.True(one.Engine.Metrics.Events > 0 && two.Engine.Metrics.Events > 0 && edge.Engine.Metrics.Events == 0);
    }

    [Fact]
    public async Task A_node_that_joins_gets_its_share_while_commands_run_and_one_that_leaves_gives_it_back()
    {
        var one = await _cluster.JoinAsync("one");
        await _cluster.SettleAsync(one);
        await using var load = new LedgerLoad(one.Engine, actors: 24);
        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);
        await load.ContinueAsync();
        await two.Engine.StopAsync(CancellationToken.None);
        await _cluster.SettleAsync(one);
        await load.ContinueAsync();

        await load.VerifyAsync(_cluster.Journal);
    }

    [Fact]
    public async Task A_node_that_crashes_loses_its_shards_to_the_others_with_nothing_lost_or_doubled()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        var three = await _cluster.JoinAsync("three");
        var edge = await _cluster.JoinAsync("edge", actors: false);
        await _cluster.SettleAsync(one, two, three);
        await using var load = new LedgerLoad(edge.Engine, actors: 24);
        await load.ContinueAsync();
        await two.Engine.DisposeAsync();
        await load.ContinueAsync();
        await _cluster.SettleAsync(one, three);

        await load.VerifyAsync(_cluster.Journal);
    }

    [Fact]
    public async Task A_node_that_is_downed_stops_its_actors_and_joins_again()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);
        await using var load = new LedgerLoad(one.Engine, actors: 24);
        await load.ContinueAsync();
        var former = two.Membership;
        global::Akka.Cluster.Cluster.Get(one.Membership.System).Down(former.Address);
        await _cluster.UntilAsync(() => !former.IsHeld, () => "two goes on");
        await load.ContinueAsync();
        await _cluster.UntilAsync(() => two.Engine.IsMember, () => "two stays away");
        Assert.NotEqual(former.Self, two.Membership.Self);
        await _cluster.SettleAsync(one, two);
        await load.ContinueAsync();

        await load.VerifyAsync(_cluster.Journal);
    }

    [Fact]
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

    [Fact]
    public async Task A_node_that_counts_shards_differently_is_refused_and_told_the_number()
    {
        await _cluster.JoinAsync("one");

        var refused = await Assert.ThrowsAsync<Journals.JournalOpenException>(() => _cluster.JoinAsync("two", change: options => options with { Shards = 32 }));
        Assert.Contains("configure 16", refused.Message);
    }
}
