using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>A shard that Akka has placed on this node: from the start of its keeper until it was handed off, or until the node's membership is lost.</summary>
internal sealed class RunningShard : IShardLease, IAsyncDisposable
{
    private readonly MemberLease _lease;
    private volatile bool _over;

    public RunningShard(ShardHost host, MemberLease lease, int id, long epoch, ICellWatcher watcher)
    {
        (_lease, Id, Epoch) = (lease, id, epoch);
        Actors = new ActorShard(host, this, watcher);
    }

    public int Id { get; }

    public long Epoch { get; }

    public ActorShard Actors { get; }

    public bool IsHeld => !_over && _lease.IsHeld;

    public ValueTask DisposeAsync()
    {
        _over = true;
        return Actors.DisposeAsync();
    }
}
