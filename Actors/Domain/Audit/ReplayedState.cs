using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>The moment up to which an actor's history is replayed: a time, or a sequence number; neither: to its end.</summary>
public readonly record struct ReplayPoint(DateTimeOffset? At = null, long? SequenceNumber = null);

/// <summary>An actor as it was, made by the evolvers that made it then.</summary>
/// <param name="SequenceNumber">Of the last event in it; 0: before the first one.</param>
/// <param name="LastSequenceNumber">Of the actor's last event in the journal.</param>
/// <param name="Last">The last event in it; null before the first one.</param>
public sealed record ReplayedState(string PersistenceId, long SequenceNumber, long LastSequenceNumber, AuditEntry? Last, DomainSnapshot State);
