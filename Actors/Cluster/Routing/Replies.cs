using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Routing;

internal static class Replies
{
    private const uint RetryAfterSeconds = 1;

    public static Reply Moved(uint shard, string node) => Unavailable(UnavailableReason.Moved, $"shard {shard} is not on node {node}");

    public static Reply Unavailable(UnavailableReason reason, string detail) =>
        new() { Unavailable = new Unavailable { Reason = reason, Detail = detail, RetryAfterS = RetryAfterSeconds } };
}
