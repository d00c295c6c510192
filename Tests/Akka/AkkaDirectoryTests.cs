using Mcptt.Domain.Nodes;

namespace Mcptt.Actors.Akka.Tests;

public sealed class AkkaDirectoryTests : IAsyncLifetime
{
    private readonly AkkaCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Every_node_shows_all_members_and_who_runs_which_shard()
    {
        var (one, two) = await TwoAsync();
        foreach (var member in (AkkaCluster.Member[])[one, two])
        {
            var directory = new AkkaDirectory(member.Engine);
            await _cluster.UntilAsync(() => IsSpread(directory.Read()), () => Told(directory.Read()));
            var picture = directory.Read();

            Assert.Equal(["one", "two"], picture.Members.Select(shown => shown.Name).Order(StringComparer.Ordinal));
            Assert.Equal([one.Engine.Address, two.Engine.Address], picture.Members.OrderBy(shown => shown.Name, StringComparer.Ordinal).Select(shown => shown.Address));
            Assert.All(picture.Members, shown => Assert.Equal([AkkaRoles.Actors], shown.Roles));
            Assert.All(picture.Members, shown => Assert.Equal("1.2.3", shown.Version));
            Assert.All(picture.Members, shown => Assert.InRange(shown.Started, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow()));
            Assert.Equal("", picture.Failure);
        }
    }

    [Fact]
    public async Task A_node_drains_and_takes_shards_again_by_an_order_given_at_another()
    {
        var (one, two) = await TwoAsync();
        var directory = new AkkaDirectory(one.Engine);
        Assert.Equal(NodeOrderOutcome.Ordered, (await directory.DrainAsync("two", draining: true, CancellationToken.None)).Outcome);
        await _cluster.UntilAsync(() => OwnedBy(directory.Read(), "one") == AkkaCluster.Shards && directory.Read().Members.Single(shown => shown.Name == "two").Draining, () => Told(directory.Read()));
        Assert.Equal(NodeOrderOutcome.Ordered, (await directory.DrainAsync("two", draining: false, CancellationToken.None)).Outcome);
        await _cluster.UntilAsync(() => IsSpread(directory.Read()) && directory.Read().Members.All(shown => !shown.Draining), () => Told(directory.Read()));
        await _cluster.SettleAsync(one, two);
    }

    [Fact]
    public async Task What_cannot_be_ordered_is_said()
    {
        var one = await _cluster.JoinAsync("one");
        var directory = new AkkaDirectory(one.Engine);
        await _cluster.SettleAsync(one);
        NodeOrder[] orders =
        [
            await directory.DrainAsync("nine", draining: true, CancellationToken.None),
            await directory.MoveAsync(1, "nine", CancellationToken.None),
            await directory.MoveAsync(AkkaCluster.Shards, "one", CancellationToken.None),
            await directory.MoveAsync(1, "one", CancellationToken.None),
        ];

        Assert.Equal([NodeOrderOutcome.UnknownNode, NodeOrderOutcome.UnknownNode, NodeOrderOutcome.UnknownShard, NodeOrderOutcome.NotPossible], orders.Select(order => order.Outcome));
        Assert.Equal("there is no node \"nine\"; there are: one", orders[0].Detail);
        Assert.Contains("drain the node", orders[3].Detail, StringComparison.Ordinal);
        await one.Engine.StopAsync(CancellationToken.None);
        Assert.Equal(NodeOrderOutcome.Unavailable, (await directory.DrainAsync("one", draining: true, CancellationToken.None)).Outcome);
        Assert.NotEqual("", directory.Read().Failure);
    }

    private async Task<(AkkaCluster.Member One, AkkaCluster.Member Two)> TwoAsync()
    {
        var one = await _cluster.JoinAsync("one", change: options => options with { Version = "1.2.3" });
        var two = await _cluster.JoinAsync("two", change: options => options with { Version = "1.2.3" });
        await _cluster.SettleAsync(one, two);
        return (one, two);
    }

    private static bool IsSpread(ClusterPicture picture) => OwnedBy(picture, "one") == AkkaCluster.Shards / 2 && OwnedBy(picture, "two") == AkkaCluster.Shards / 2;

    private static int OwnedBy(ClusterPicture picture, string node) =>
        picture.Shards.Count(place => picture.Members.Any(member => member.Name == node && member.Instance == place.Owner));

    private static string Told(ClusterPicture picture) =>
        $"{string.Join(' ', picture.Members.Select(member => $"{member.Name}={member.Instance}{(member.Draining ? " drains" : "")}"))}; {string.Join(' ', picture.Shards.GroupBy(place => place.Owner).Select(owned => $"{owned.Key}:{owned.Count()}"))}";
}
