using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Routing;
using Mcptt.Testing;

namespace Mcptt.Engines;

public sealed class EdgePlacesTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly FakeClock _clock = new();
    private readonly NodeWatch _watch;
    private readonly EdgePlaces _places;

    public EdgePlacesTests()
    {
        _watch = new NodeWatch(TimeSpan.Zero, TimeSpan.Zero, _clock, () => { });
        _places = new EdgePlaces("own", Grace, _watch);
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void The_edge_that_the_flow_names_sends_it_while_it_lives()
    {
        Assert.Equal("edge2", _places.Find(View(Edge("edge1"), Edge("edge2")), "edge2", isEdge: true));
        Assert.Equal("own", _places.Find(View(Edge("edge2")), "own", isEdge: true));
    }

    [Fact]
    public void After_its_death_it_is_waited_for_and_then_any_other_sends_it()
    {
        See(Edge("edge1"), Edge("edge2"), Actors("actors1"));
        _clock.Advance(Grace);
        var view = See(Edge("edge1"), Actors("actors1"));
        Assert.Null(_places.Find(view, "edge2", isEdge: false));
        _clock.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.Null(_places.Find(view, "edge2", isEdge: false));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("edge1", _places.Find(view, "edge2", isEdge: false));
        Assert.Equal("own", _places.Find(view, "edge2", isEdge: true));
    }

    [Fact]
    public void What_comes_long_after_its_death_does_not_wait()
    {
        See(Edge("edge1"), Edge("edge2"));
        var view = See(Edge("edge1"));
        _clock.Advance(Grace);
        Assert.Equal("edge1", _places.Find(view, "edge2", isEdge: false));
    }

    [Fact]
    public void For_one_that_left_in_order_another_sends_at_once()
    {
        See(Edge("edge1"), Edge("edge2") with { Draining = true });
        Assert.Equal("edge1", _places.Find(See(Edge("edge1")), "edge2", isEdge: false));
    }

    [Fact]
    public void One_that_was_never_seen_is_waited_for_since_this_node_joined()
    {
        _watch.Joined();
        var view = See(Edge("edge1"));
        Assert.Null(_places.Find(view, "edge2", isEdge: false));
        _clock.Advance(Grace);
        Assert.Equal("edge1", _places.Find(view, "edge2", isEdge: false));
    }

    [Fact]
    public void One_that_came_back_is_asked_again_and_waited_for_anew_when_it_goes_again()
    {
        See(Edge("edge1"), Edge("edge2"));
        See(Edge("edge1"));
        _clock.Advance(Grace);
        Assert.Equal("edge2", _places.Find(See(Edge("edge1"), Edge("edge2")), "edge2", isEdge: false));
        Assert.Null(_places.Find(See(Edge("edge1")), "edge2", isEdge: false));
    }

    [Fact]
    public void What_names_no_edge_goes_to_one_that_stays_and_waits_where_there_is_none()
    {
        Assert.Equal("own", _places.Find(View(Edge("edge1")), "", isEdge: true));
        Assert.Equal("edge2", _places.Find(View(Edge("edge1") with { Draining = true }, Edge("edge2")), "", isEdge: false));
        Assert.Equal("edge1", _places.Find(View(Edge("edge1") with { Draining = true }), "", isEdge: false));
        Assert.Null(_places.Find(View(Actors("actors1")), "", isEdge: false));
    }

    [Fact]
    public void For_a_node_that_has_not_the_role_any_more_another_sends_at_once()
    {
        Assert.Equal("edge1", _places.Find(See(Actors("edge2"), Edge("edge1")), "edge2", isEdge: false));
    }

    // What the cluster looks like now, as the node is told.
    private IReadOnlyList<ClusterNode> See(params ClusterNode[] nodes)
    {
        var view = View(nodes);
        _watch.Update(view);
        return view;
    }

    private static IReadOnlyList<ClusterNode> View(params ClusterNode[] nodes) => [.. nodes.Select((node, i) => node with { Instance = i + 1 })];

    private static ClusterNode Edge(string name) => Node(name, ClusterRoles.Edge);

    private static ClusterNode Actors(string name) => Node(name, ClusterRoles.Actors);

    private static ClusterNode Node(string name, string role) => new(0, name, new Uri("http://127.0.0.1"), [role], "", "", DateTimeOffset.UnixEpoch, false);
}
