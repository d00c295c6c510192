using Mcptt.Domain.Nodes;

namespace Mcptt.Domain.Ports;

/// <summary>Which nodes there are and which shards they own, and what an operator may order of them. Reading costs nothing: it is what this node knows already.</summary>
public interface INodeDirectory
{
    ClusterPicture Read();

    /// <summary>Drained, a node hands its shards over and takes neither shards nor media sessions any more; what it carries goes on.</summary>
    ValueTask<NodeOrder> DrainAsync(string node, bool draining, CancellationToken cancellationToken);

    /// <param name="shard">Its number.</param>
    /// <param name="node">Where it shall be; empty: wherever it fits.</param>
    ValueTask<NodeOrder> MoveAsync(int shard, string node, CancellationToken cancellationToken);
}
