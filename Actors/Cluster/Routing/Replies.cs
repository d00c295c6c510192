using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Routing;

internal static class Replies
{
    public static Reply Moved(uint shard, string node) =>
        new() { Unavailable = new Unavailable { Reason = UnavailableReason.Moved, Detail = $"shard {shard} is not on node {node}", RetryAfterS = 1 } };
}
