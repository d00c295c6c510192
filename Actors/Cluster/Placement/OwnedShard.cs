using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Cluster.Placement;

/// <summary>A shard that this node owns: from its claim in the database until it is released, or until the node's lease is lost.</summary>
internal sealed class OwnedShard : IShardLease, IAsyncDisposable
{
    private readonly NodeLease _lease;
    private volatile bool _over;

    public OwnedShard(ShardHost host, NodeLease lease, int id, long epoch)
    {
        (_lease, Id, Epoch) = (lease, id, epoch);
        Actors = new ActorShard(host, this);
    }

    public int Id { get; }

    public long Epoch { get; }

    public ActorShard Actors { get; }

    public bool IsMoving { get; set; }

    public bool IsHeld => !_over && _lease.IsHeld;

    public ValueTask DisposeAsync()
    {
        _over = true;
        return Actors.DisposeAsync();
    }
}
