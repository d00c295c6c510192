using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>Answers of the way to an actor, not of the actor.</summary>
public static class RouteReplies
{
    private const uint RetryAfterSeconds = 1;

    public static Reply Moved(uint shard, string node) => Unavailable(UnavailableReason.Moved, $"shard {shard} is not on node {node}");

    public static Reply Unavailable(UnavailableReason reason, string detail) =>
        new() { Unavailable = new Unavailable { Reason = reason, Detail = detail, RetryAfterS = RetryAfterSeconds } };
}
