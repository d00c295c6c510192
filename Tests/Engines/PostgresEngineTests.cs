using Mcptt.Testing.Postgres;

namespace Mcptt.Engines;

public sealed class PostgresEngineTests : IAsyncLifetime
{
    private readonly PostgresCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [RequiresPostgresFact]
    public async Task Nodes_that_know_only_the_database_share_the_shards_and_serve_each_others_actors()
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

    [RequiresPostgresFact]
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
}
