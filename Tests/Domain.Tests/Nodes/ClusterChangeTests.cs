using Mcptt.Domain.Nodes;

namespace Mcptt.Domain.Tests.Nodes;

public sealed class ClusterChangeTests
{
    private static readonly ClusterPicture Before = new([Node("n1", 1), Node("n2", 2)], [new ShardPlace(0, 1, 1, ""), new ShardPlace(1, 2, 1, "")], "");

    [Fact]
    public void Nothing_changed_is_no_change() => Assert.Empty(ClusterChange.Between(Before, Before with { Members = [.. Before.Members.Reverse()] }));

    [Fact]
    public void A_killed_node_leaves_and_its_shards_move_when_somebody_took_them()
    {
        var gone = Before with { Members = [Node("n1", 1)], Shards = [Before.Shards[0], new ShardPlace(1, 0, 1, "")] };
        var taken = gone with { Shards = [Before.Shards[0], new ShardPlace(1, 1, 2, "")] };

        Assert.Equal([new(ClusterChange.Left, "Node n2 (instance 2) is gone.", "n2")], ClusterChange.Between(Before, gone));
        Assert.Equal([new(ClusterChange.Moved, "Shard 1 is on node n1 now (epoch 2).", "n1", 1)], ClusterChange.Between(gone, taken));
    }

    [Fact]
    public void A_node_that_came_back_under_another_instance_left_and_joined() =>
        Assert.Equal(
            [ClusterChange.Left, ClusterChange.Joined],
            ClusterChange.Between(Before, Before with { Members = [Node("n1", 1), Node("n2", 3)] }).Select(change => change.Kind));

    [Fact]
    public void Draining_begins_and_ends()
    {
        var draining = Before with { Members = [Node("n1", 1), Node("n2", 2) with { Draining = true }] };

        Assert.Equal(ClusterChange.Draining, Assert.Single(ClusterChange.Between(Before, draining)).Kind);
        Assert.Equal(ClusterChange.InService, Assert.Single(ClusterChange.Between(draining, Before)).Kind);
    }

    [Fact]
    public void Losing_contact_is_told_once_with_the_reason_and_its_end()
    {
        var cutOff = Before with { Failure = "no database" };

        Assert.Equal([new(ClusterChange.CutOff, "no database", "")], ClusterChange.Between(Before, cutOff));
        Assert.Empty(ClusterChange.Between(cutOff, cutOff with { Failure = "still none" }));
        Assert.Equal(ClusterChange.Back, Assert.Single(ClusterChange.Between(cutOff, Before)).Kind);
    }

    private static ClusterMember Node(string name, int instance) => new(name, instance, "", ["actors"], "", "1", DateTimeOffset.UnixEpoch, Draining: false, MediaLoad: null);
}
