using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>Which actors have a history: what a list in the management API is made of.</summary>
public interface IActorCatalog
{
    /// <summary>
    /// Ids of a kind in ordinal order, the first ones after <paramref name="after"/> (empty: from the beginning), at most
    /// <paramref name="limit"/>; fewer only at the end. Throws <see cref="DirectoryUnavailableException"/> when it cannot tell.
    /// </summary>
    ValueTask<IReadOnlyList<string>> ListAsync(ActorKindName kind, ActorScope scope, string after, int limit, CancellationToken cancellationToken);
}

public enum ActorScope
{
    /// <summary>Every actor that ever had an event, also those that have come to their end.</summary>
    Known,

    /// <summary>Only those that may still have something to do; may hold a few that ended a moment ago.</summary>
    Live,
}
