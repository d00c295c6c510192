using System.Globalization;
using Akka.Cluster.Sharding;
using Mcptt.Actors.Shards;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>
/// Entity and shard of a message. An actor's entity is named by its persistence id, and its shard is that of <see cref="ShardKey"/>, as with every other engine: a call and its
/// floor have the same. One more entity in each shard, its keeper, runs the shard's actors.
/// </summary>
internal sealed class ShardExtractor(int shards) : IMessageExtractor
{
    // No kind of actors has this name.
    private const string KeeperPrefix = "shard-";

    public static string KeeperOf(int shard) => KeeperPrefix + Name(shard);

    public static bool IsKeeper(string entityId, out int shard)
    {
        shard = 0;
        return entityId.StartsWith(KeeperPrefix, StringComparison.Ordinal) && int.TryParse(entityId.AsSpan(KeeperPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out shard);
    }

    public string? EntityId(object message) =>
        message is not NodeRequest request ? null
        : request.Shard is { } query ? KeeperOf((int)query.Shard)
        : request.Command?.Command?.To?.PersistenceId();

    public object? EntityMessage(object message) => message;

    [Obsolete("Akka.NET asks by entity id")]
    public string? ShardId(object message) => EntityId(message) is { } entityId ? ShardId(entityId, message) : null;

    public string ShardId(string entityId, object? messageHint = null) =>
        IsKeeper(entityId, out var shard) ? Name(shard)
        : messageHint is NodeRequest { Command: { } routed } ? Name((int)routed.Shard)
        : Name(ShardKey.ShardOf(entityId[(entityId.IndexOf('-', StringComparison.Ordinal) + 1)..], shards));

    private static string Name(int shard) => shard.ToString(CultureInfo.InvariantCulture);
}
