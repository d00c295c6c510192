using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;
using Npgsql;

namespace Mcptt.Actors.Cluster;

/// <summary>Nodes and shards as the engine's last look at the database showed them; orders go into the database, where every node finds them.</summary>
public sealed class ClusterDirectory(PostgresEngine engine) : INodeDirectory
{
    public ClusterPicture Read()
    {
        var view = engine.View;
        return new ClusterPicture(
            [
                .. view.Nodes.Select(node => new ClusterMember(
                    node.Name, node.Instance, node.Address.ToString(), node.Roles, node.Site, node.Version, node.Started, node.Draining, node.MediaLoad)),
            ],
            [.. view.Shards.Select(row => new ShardPlace(row.Id, view.Alive(row.Owner) is null ? 0 : row.Owner, row.Epoch, row.Pinned))],
            engine.Failure);
    }

    public ValueTask<NodeOrder> DrainAsync(string node, bool draining, CancellationToken cancellationToken) =>
        engine.View.Named(node) is null
            ? new(UnknownNode(node))
            : OrderAsync(async () => await engine.DrainNodeAsync(node, draining, cancellationToken) ? new(NodeOrderOutcome.Ordered) : UnknownNode(node));

    public ValueTask<NodeOrder> MoveAsync(int shard, string node, CancellationToken cancellationToken)
    {
        if (node.Length > 0 && engine.View.Named(node) is var there && there is not { TakesShards: true })
        {
            return new(there is null ? UnknownNode(node) : new NodeOrder(NodeOrderOutcome.TakesNoShards, $"node {node} {(there.Draining ? "drains" : "has not the role \"actors\"")}"));
        }

        return OrderAsync(async () => await engine.MoveShardAsync(shard, node, cancellationToken) ? new(NodeOrderOutcome.Ordered) : UnknownShard(shard));
    }

    private static async ValueTask<NodeOrder> OrderAsync(Func<Task<NodeOrder>> order)
    {
        try
        {
            return await order();
        }
        catch (NpgsqlException failure)
        {
            return new(NodeOrderOutcome.Unavailable, $"the database did not take it: {failure.Message}");
        }
    }

    private NodeOrder UnknownNode(string node) =>
        new(NodeOrderOutcome.UnknownNode, $"there is no node \"{node}\"; there are: {string.Join(", ", engine.View.Nodes.Select(one => one.Name).Distinct().Order(StringComparer.Ordinal))}");

    private NodeOrder UnknownShard(int shard) => new(NodeOrderOutcome.UnknownShard, $"there is no shard {shard}; they are 0 to {engine.View.Shards.Count - 1}");
}
