using Mcptt.Domain.Audit;

namespace Mcptt.Domain.Ports;

/// <summary>History as an auditor reads it. Nothing is changed by it. What cannot be read throws <see cref="AuditUnavailableException"/>.</summary>
public interface IAuditReader
{
    /// <summary>Events in the order of the journal, as they are asked for: never more than a few pages of them are in memory.</summary>
    IAsyncEnumerable<AuditEntry> ReadAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>The same, and then what is written from now on, until it is cancelled.</summary>
    IAsyncEnumerable<AuditEntry> FollowAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Ordering of the last event that there is.</summary>
    ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken);

    /// <summary>Null: this actor never had an event.</summary>
    ValueTask<ReplayedState?> ReplayAsync(string persistenceId, ReplayPoint point, CancellationToken cancellationToken);

    /// <summary>The state after each event, from the first one on.</summary>
    IAsyncEnumerable<ReplayedState> StepsAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>
    /// Persistence ids of the actors that somebody means: a persistence id, a call id (the call and its floor), an MCPTT ID or a group identity.
    /// Empty: no such actor ever had an event.
    /// </summary>
    ValueTask<IReadOnlyList<string>> FindActorsAsync(string written, CancellationToken cancellationToken);
}

public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The history itself is not whole: trying again does not help.</summary>
    public bool IsBroken { get; init; }
}
