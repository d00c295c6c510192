using System.Net;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Routing;
using Mcptt.Domain;
using Mcptt.Testing;

namespace Mcptt.Engines;

public sealed class NodeWatchTests : IDisposable
{
    private static readonly ClusterOptions Options = new() { ConnectionString = "", NodeName = "own", Listener = new IPEndPoint(IPAddress.Loopback, 0) };

    private readonly FakeClock _clock = new();
    private readonly NodeWatch _watch;
    private int _changes;

    public NodeWatchTests()
    {
        _watch = new NodeWatch(Options.NodeGrace, Options.JoinGrace, _clock, () => _changes++);
        _watch.Joined();
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_node_that_is_gone_is_lost_after_the_grace_and_whoever_leans_on_it_is_looked_for_then()
    {
        See(Node("m1", "r1"), Node("m2", "r2"));
        Assert.True(See(Node("m2", "r2")));
        _clock.Advance(Options.NodeGrace - TimeSpan.FromMilliseconds(1));
        Assert.Null(FateOf("m1", "r1"));
        Assert.Equal(0, _changes);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((NodeFate.Lost, 1), (FateOf("m1", "r1"), _changes));
        Assert.Equal(NodeFate.Lost, FateOf("m1", ""));
        Assert.Null(FateOf("m2", "r2"));
    }

    [Fact]
    public void A_node_that_one_look_did_not_find_is_not_lost()
    {
        See(Node("m1", "r1"));
        See();
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        See(Node("m1", "r1") with { Instance = 9 });
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(FateOf("m1", "r1"));
    }

    [Fact]
    public void Each_absence_has_its_own_grace()
    {
        See(Node("m1", "r1"));
        See();
        _clock.Advance(Options.NodeGrace);
        See(Node("m1", "r1"));
        See();

        Assert.Null(FateOf("m1", "r1"));
        See();
        _clock.Advance(Options.NodeGrace);
        Assert.Equal(NodeFate.Lost, FateOf("m1", "r1"));
    }

    [Fact]
    public void A_node_that_is_there_under_another_run_has_lost_what_the_former_one_held_at_once()
    {
        See(Node("m1", "r2"));

        Assert.Equal(NodeFate.Lost, FateOf("m1", "r1"));
        Assert.Null(FateOf("m1", "r2"));
        Assert.Null(FateOf("m1", ""));
        See(Node("m1", ""));
        Assert.Null(FateOf("m1", "r1"));
    }

    [Fact]
    public void After_this_node_joined_the_others_have_longer_to_join_too()
    {
        See(Node("m1", "r1"));
        _watch.Joined();
        See();
        _clock.Advance(Options.JoinGrace - TimeSpan.FromMilliseconds(1));
        Assert.Null(FateOf("m1", "r1"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(NodeFate.Lost, FateOf("m1", "r1"));
    }

    [Fact]
    public void A_node_is_to_be_emptied_while_another_one_can_take_what_it_has()
    {
        See(Node("m1", "r1") with { Draining = true });
        Assert.Null(FateOf("m1", "r1"));
        Assert.True(See(Node("m1", "r1") with { Draining = true }, Node("m2", "r2")));
        Assert.Equal(NodeFate.Draining, FateOf("m1", "r1"));
        Assert.False(See(Node("m1", "r1") with { Draining = true }, Node("m2", "r2") with { MediaLoad = 7 }));
    }

    private NodeFate? FateOf(string name, string run) => _watch.FateOf(new NodeRun(name, run));

    private bool See(params ClusterNode[] nodes) => _watch.Update(nodes);

    private static ClusterNode Node(string name, string run) =>
        new(1, name, new Uri("http://127.0.0.1"), [ClusterRoles.Media], "", "", DateTimeOffset.UnixEpoch, false) { Run = run };
}
