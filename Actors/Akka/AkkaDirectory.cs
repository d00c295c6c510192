using Mcptt.Actors.Akka.Membership;
using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka;

/// <summary>Members and shards as this node sees them. An order goes to the node that it is about; where a shard is, Akka.Cluster.Sharding alone decides.</summary>
public sealed class AkkaDirectory(AkkaEngine engine) : INodeDirectory
{
    public ClusterPicture Read()
    {
        var members = Newest();
        var numbers = members.Select(member => member.Uid).ToHashSet();
        return new ClusterPicture(
            [.. members.Select(member => new ClusterMember(
                member.Name, member.Uid, member.Address, [.. AkkaRoles.Plain(member.Roles)], member.Site, member.Version, member.Started, member.Draining, member.MediaLoad))],
            [.. (engine.Membership?.Directory.Read() ?? []).Select(place => numbers.Contains(place.Owner) ? place : place with { Owner = 0 })],
            engine.Failure);
    }

    public async ValueTask<NodeOrder> DrainAsync(string node, bool draining, CancellationToken cancellationToken)
    {
        var members = Newest();
        if (engine.Membership is not { IsHeld: true } membership)
        {
            return new(NodeOrderOutcome.Unavailable, engine.Failure);
        }

        if (members.FirstOrDefault(member => member.Name == node) is not { } there)
        {
            return UnknownNode(node, members);
        }

        var reply = await membership.AskAsync(there, new NodeRequest { Drain = new DrainOrder { Draining = draining } });
        return reply switch
        {
            { Taken: true } => new(NodeOrderOutcome.Ordered),
            { NotUnderstood: true } => new(NodeOrderOutcome.NotPossible, $"the program of node {node} is older than such orders; stop it instead"),
            _ => new(NodeOrderOutcome.Unavailable, $"node {node} did not take it; try again"),
        };
    }

    public ValueTask<NodeOrder> MoveAsync(int shard, string node, CancellationToken cancellationToken)
    {
        var members = Newest();
        var shards = engine.Membership?.Directory.Read().Count ?? 0;
        return new(
            node.Length > 0 && members.All(member => member.Name != node) ? UnknownNode(node, members)
            : shard < 0 || shard >= shards ? new NodeOrder(NodeOrderOutcome.UnknownShard, $"there is no shard {shard}; they are 0 to {shards - 1}")
            : new NodeOrder(NodeOrderOutcome.NotPossible, "Akka.Cluster.Sharding places the shards: drain the node that shall not have it (engine.kind)"));
    }

    // A name may be there twice for a moment, while its former member is being removed.
    private List<MemberNode> Newest() =>
        [.. (engine.Membership?.View ?? MemberView.Empty).Nodes.GroupBy(member => member.Name, StringComparer.Ordinal).Select(alike => alike.MaxBy(member => member.Instance)!)]; // No group is empty.

    private static NodeOrder UnknownNode(string node, IEnumerable<MemberNode> members) =>
        new(NodeOrderOutcome.UnknownNode, $"there is no node \"{node}\"; there are: {string.Join(", ", members.Select(one => one.Name).Order(StringComparer.Ordinal))}");
}
