using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Routing;
using Mcptt.Testing;

namespace Mcptt.Engines;

public sealed class SessionPlacementTests
{
    [Fact]
    public void Without_a_media_node_that_takes_sessions_there_is_no_place()
    {
        Assert.Null(Choose([]));
        Assert.Null(Choose([Node("edge") with { Roles = [ClusterRoles.Edge] }, Node("leaving") with { Draining = true }]));
    }

    [Fact]
    public void A_node_at_the_site_of_the_callers_edge_comes_first_however_much_it_carries()
    {
        List<ClusterNode> nodes = [Node("edge-west") with { Roles = [ClusterRoles.Edge], Site = "west" }, Node("east", 0) with { Site = "east" }, Node("west", 900) with { Site = "west" }];

        Assert.Equal("west", Choose(nodes, near: "edge-west"));
        Assert.Equal("east", Choose(nodes));
        Assert.Equal("east", Choose(nodes, near: "nobody"));
        Assert.Equal("east", Choose([nodes[0], nodes[1]], near: "edge-west"));
        Assert.Equal("east", Choose([nodes[0], nodes[1], nodes[2] with { Draining = true }], near: "edge-west"));
    }

    [Fact]
    public void The_least_loaded_node_gets_it() =>
        Assert.All(Enumerable.Range(0, 50), session => Assert.Equal("b", Choose([Node("a", 500), Node("b", 100), Node("c", 300)], $"s{session}")));

    [Fact]
    public void A_node_that_has_not_said_what_it_carries_comes_last() =>
        Assert.All(Enumerable.Range(0, 50), session => Assert.Equal("b", Choose([Node("a", null), Node("b", 100), Node("c", 300)], $"s{session}")));

    [Fact]
    public void Where_nobody_has_said_it_they_share() => AssertShared([Node("a", null), Node("b", null), Node("c", null)]);

    [Fact]
    public void Nodes_that_carry_about_as_little_share_what_comes() => AssertShared([Node("a", 10), Node("b", 30), Node("c", 42)]);

    [Fact]
    public void Every_node_chooses_alike_whatever_order_it_sees_and_a_session_that_is_asked_for_again_goes_to_the_same_place()
    {
        List<ClusterNode> nodes = [Node("a"), Node("b"), Node("c"), Node("d")];
        for (var session = 0; session < 200; session++)
        {
            var chosen = Choose(nodes, $"s{session}");
            Assert.Equal(chosen, Choose([nodes[3], nodes[1], nodes[0], nodes[2]], $"s{session}"));

            // And when a node that was not chosen goes.
            Assert.Equal(chosen, Choose(nodes.Where(node => node.Name == chosen || node.Name != "a"), $"s{session}"));
        }
    }

    [Fact]
    public void A_node_to_be_avoided_is_asked_only_when_there_is_no_other()
    {
        List<ClusterNode> nodes = [Node("a", 0), Node("b", 900) with { Site = "far" }];

        Assert.Equal("b", Choose(nodes, avoid: ["a"]));
        Assert.Equal("a", Choose([nodes[0]], avoid: ["a"]));
        Assert.Equal("a", Choose(nodes, avoid: ["a", "b"]));
    }

    [Fact]
    public void Of_two_instances_of_a_name_the_later_one_counts()
    {
        var former = Node("a", 0) with { Instance = 3 };

        Assert.Equal("b", Choose([former, former with { Instance = 9, MediaLoad = 900 }, Node("b", 100)]));
        Assert.Equal("a", Choose([former with { MediaLoad = 900 }, former with { Instance = 9 }, Node("b", 100)]));
    }

    [Fact]
    public void Sessions_of_many_sizes_leave_nodes_no_further_apart_than_what_counts_as_even_and_a_newcomer_catches_up()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var loads = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        const int Largest = 60;
        for (var session = 0; session < 3_000; session++)
        {
            if (session == 1_500)
            {
                loads["newcomer"] = 0;
            }

            var chosen = Choose(loads.Select(load => Node(load.Key, load.Value)), $"s{random.Next()}")!;
            loads[chosen] += random.Next(2, Largest);
        }

        var allowed = Math.Max(SessionPlacement.Slack, loads.Values.Min() / 8) + Largest;
        Assert.True(loads.Values.Max() - loads.Values.Min() <= allowed, $"{string.Join(' ', loads)}, seed {seed}");
    }

    private static void AssertShared(List<ClusterNode> nodes)
    {
        var counts = Enumerable.Range(0, 3_000).CountBy(session => Choose(nodes, $"{session:x6}")!).ToDictionary();
        Assert.All(nodes, node => Assert.InRange(counts[node.Name], 800, 1_200));
    }

    private static ClusterNode Node(string name, int? load = 0) =>
        new(1, name, new Uri("http://127.0.0.1"), [ClusterRoles.Media], "", "", DateTimeOffset.UnixEpoch, false) { MediaLoad = load };

    private static string? Choose(IEnumerable<ClusterNode> nodes, string session = "s", string near = "", params string[] avoid) =>
        SessionPlacement.Choose([.. nodes], new SessionWish(session, near, avoid))?.Name;
}
