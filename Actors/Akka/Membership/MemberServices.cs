using Mcptt.Actors.Akka.Routing;
using Mcptt.Actors.Akka.Sharding;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>What the entities of one membership share.</summary>
internal sealed class MemberServices
{
    public required AkkaOptions Options { get; init; }

    public required ShardHost Host { get; init; }

    public required MemberLease Lease { get; init; }

    public required ShardDirectory Directory { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Number of this member (Akka's `uid`): another one after each join.</summary>
    public required int Self { get; init; }

    /// <summary>Tells every other node that this one runs a shard.</summary>
    public required Action<ShardNotice> Announce { get; init; }

    public RunningShards Shards { get; } = new();
}
