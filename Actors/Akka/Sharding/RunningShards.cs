using System.Collections.Concurrent;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>The shards that this node runs now.</summary>
internal sealed class RunningShards
{
    private readonly ConcurrentDictionary<int, RunningShard> _shards = new();

    public IEnumerable<RunningShard> All => _shards.Values;

    public RunningShard? Find(int shard) => _shards.GetValueOrDefault(shard);

    public RunningShard? Find(int shard, long epoch) => Find(shard) is { } running && running.Epoch == epoch ? running : null;

    public void Add(RunningShard shard) => _shards[shard.Id] = shard;

    public void Remove(RunningShard shard) => _shards.TryRemove(new KeyValuePair<int, RunningShard>(shard.Id, shard));
}
