using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Makes entries of rows.</summary>
internal static class AuditEntries
{
    private const string UnreadableKind = "unreadable";

    public static AuditEntry Of(in StoredEvent stored, EventEnvelope envelope, CallNames? names) =>
        new()
        {
            Ordering = stored.Ordering,
            PersistenceId = stored.PersistenceId,
            SequenceNumber = stored.SequenceNumber,
            Time = Time(envelope.Event.TimeUs),
            Stored = stored.Created,
            Description = EventDescription.Of(stored.PersistenceId, envelope, names),
            OnBehalfOf = envelope.OnBehalfOf,
            CorrelationId = envelope.CorrelationId,
            CommandId = envelope.CommandId,
        };

    /// <summary>A row that is no event of ours, or a damaged one: it is shown, because it is there.</summary>
    public static AuditEntry Unreadable(in StoredEvent stored) =>
        new()
        {
            Ordering = stored.Ordering,
            PersistenceId = stored.PersistenceId,
            SequenceNumber = stored.SequenceNumber,
            Time = stored.Created,
            Stored = stored.Created,
            Description = new EventDescription
            {
                Kind = UnreadableKind,
                Sentence = $"This row cannot be read as an event (manifest \"{stored.Manifest}\"); \"mcptt audit verify\" tells whether it was changed.",
                IsKnown = false,
                Call = ActorAddresses.TryParse(stored.PersistenceId, out var actor) && actor.Kind is ActorKindName.Call or ActorKindName.Floor ? actor.Id : "",
            },
        };

    /// <summary>What cannot be a time is the earliest one.</summary>
    public static DateTimeOffset Time(long timeUs) =>
        timeUs <= UnixTime.LastUs ? UnixTime.OfUs(timeUs) : DateTimeOffset.UnixEpoch;
}
