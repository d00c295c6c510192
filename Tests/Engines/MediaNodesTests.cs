using Mcptt.Actors.Cluster;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Engines.Postgres;
using Mcptt.Testing.Postgres;

namespace Mcptt.Engines;

/// <summary>Media sessions over nodes of the PostgreSQL engine.</summary>
public sealed class MediaNodesTests : IAsyncLifetime
{
    private readonly PostgresCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [RequiresPostgresFact]
    public async Task Each_node_knows_what_the_media_nodes_carry_and_new_sessions_go_where_it_is_least()
    {
        var busy = await JoinMediaAsync("busy", 500, "");
        var idle = await JoinMediaAsync("idle", 3, "");
        var far = await JoinMediaAsync("far", 0, "elsewhere");
        var actors = await _cluster.JoinAsync("actors");
        await _cluster.JoinAsync("edge", actors: false, options => options with { Roles = [ClusterRoles.Edge], Site = "elsewhere" });
        await _cluster.SettleAsync(actors);
        await _cluster.UntilAsync(
            () => actors.Engine.View is var view && view.Named("busy")?.MediaLoad == 500 && view.Named("idle")?.MediaLoad == 3 && view.Named("far")?.MediaLoad == 0 && view.Named("edge") is not null,
            () => string.Join(' ', actors.Engine.View.Nodes));
        Assert.All(actors.Engine.View.Nodes, node => Assert.NotEmpty(node.Run));

        await actors.Engine.DrainNodeAsync("far", true, CancellationToken.None);
        await _cluster.UntilAsync(() => actors.Engine.View.Named("far")!.Draining, () => "far does not drain");
        await actors.SayAsync("sip:a@example.org", "c1", "open>");
        await _cluster.UntilAsync(() => idle.Media.Count == 1, () => "no session on the idle node");

        await actors.Engine.DrainNodeAsync("far", false, CancellationToken.None);
        await _cluster.UntilAsync(() => !actors.Engine.View.Named("far")!.Draining, () => "far drains");
        await actors.SayAsync("sip:b@example.org", "c2", "open>edge");
        await _cluster.UntilAsync(() => far.Media.Count == 1, () => "no session at the site of the edge");
        Assert.Equal((0, 1, 1), (busy.Media.Count, idle.Media.Count, far.Media.Count));
    }

    [RequiresPostgresFact]
    public async Task Who_leans_on_a_media_node_hears_that_it_drains_and_that_it_died_wherever_its_shard_is()
    {
        await JoinMediaAsync("m1", 0, "");
        await JoinMediaAsync("m2", 0, "");
        var one = await _cluster.JoinAsync("one");
        await _cluster.SettleAsync(one);
        await _cluster.UntilAsync(() => one.Engine.View.Named("m1") is not null && one.Engine.View.Named("m2") is not null, () => "no media nodes");
        foreach (var node in (string[])["m1", "m2"])
        {
            await one.SayAsync($"sip:{node}@example.org", node, "resume", "both>", $"lean>{node}>{one.Engine.View.Named(node)!.Run}");
        }

        await one.Engine.DrainNodeAsync("m1", true, CancellationToken.None);
        await UntilLastWordAsync(one, "sip:m1@example.org", "Draining m1");

        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);
        await _cluster.KillAsync("m1");
        await _cluster.KillAsync("m2");
        await UntilLastWordAsync(two, "sip:m1@example.org", "Lost m1");
        await UntilLastWordAsync(two, "sip:m2@example.org", "Lost m2");
    }

    private async Task UntilLastWordAsync(PostgresCluster.Member member, string actor, string start)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (IReadOnlyList<string> words = []; words.Count == 0 || !words[^1].StartsWith(start, StringComparison.Ordinal); words = await member.WordsAsync(actor))
        {
            Assert.False(patience.IsCancellationRequested, $"{actor} never heard {start}: {string.Join(" | ", words)}");
            await Task.Delay(10);
        }
    }

    private async Task<World> JoinMediaAsync(string name, int load, string site)
    {
        var member = await _cluster.JoinAsync(name, actors: false, options => options with { Roles = [ClusterRoles.Media], Site = site });
        var world = new World { Load = load };
        member.Engine.Attach(world, world);
        return world;
    }
}
