using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Journals;

/// <summary>One row of the table `journal` before it has an ordering. <see cref="Message"/> is an <see cref="EventEnvelope"/>.</summary>
public readonly record struct JournalRow(long SequenceNumber, byte[] Message, IReadOnlyList<string> Tags);

/// <summary>All events of one command: consecutive sequence numbers, written together or not at all.</summary>
/// <param name="Live">Where it is given, it replaces the actor's row in `live` in the same transaction.</param>
public sealed record JournalAppend(string PersistenceId, IReadOnlyList<JournalRow> Rows, DateTimeOffset Created, string WriterUuid, LiveMark? Live);

public enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Written,

    /// <summary>The first sequence number is taken: somebody else wrote for this actor.</summary>
    Occupied,

    /// <summary>The journal cannot write; whether the rows are there is unknown until the actor is recovered.</summary>
    Failed,

    /// <summary>The journal's queue is full; nothing was stored.</summary>
    Overloaded,
}

public readonly record struct AppendResult(AppendOutcome Outcome, string Detail)
{
    public static AppendResult Written => new(AppendOutcome.Written, "");

    public static AppendResult Overloaded => new(AppendOutcome.Overloaded, "the journal's queue is full");
}

/// <summary>Why an actor must come back without being asked.</summary>
/// <param name="HandedOver">Effects up to this sequence number were taken; those beyond are sent again on recovery.</param>
/// <param name="DueUs">Its earliest timer; 0: it is to be loaded at start, because effects are open or the world relies on it.</param>
public readonly record struct LiveMark(long HandedOver, long DueUs);

public readonly record struct LiveActor(string PersistenceId, LiveMark Mark);

/// <summary>Something that may be stored late or not at all: recovery is correct without it, only longer.</summary>
public abstract record JournalNote(string PersistenceId);

/// <summary>Replaces the actor's row in `live`; null removes it.</summary>
public sealed record LiveNote(string PersistenceId, LiveMark? Mark) : JournalNote(PersistenceId);

/// <summary>Replaces every other snapshot of the actor, also one of a later event: that one was not usable, or a stale node's. <see cref="Snapshot"/> is a <see cref="SnapshotEnvelope"/>.</summary>
public sealed record SnapshotNote(string PersistenceId, long SequenceNumber, byte[] Snapshot, DateTimeOffset Created) : JournalNote(PersistenceId);

public readonly record struct StoredSnapshot(long SequenceNumber, byte[] Snapshot, string Manifest = JournalFormat.SnapshotManifest);

/// <param name="IsArchived">Its history was moved to an archive (<see cref="IJournalPruner"/>): it has ended and nothing revives it.</param>
public readonly record struct StoredStart(StoredSnapshot? Snapshot, LiveMark? Live, bool IsArchived = false);

/// <summary>Where an event stands in the journal and when it was stored.</summary>
public readonly record struct JournalPoint(long Ordering, DateTimeOffset Created);

/// <summary>One row of the table `journal`.</summary>
public readonly record struct StoredEvent(
    long Ordering,
    string PersistenceId,
    long SequenceNumber,
    DateTimeOffset Created,
    byte[] Message,
    string Manifest,
    string WriterUuid)
{
    /// <summary>The column `identifier`.</summary>
    public long Identifier { get; init; } = JournalFormat.SerializerId;

    /// <summary>Columns that are never set (`deleted`, `tags`) are set: somebody else did, perhaps to hide the row from other readers.</summary>
    public bool IsMarked { get; init; }

    public bool TryReadEnvelope([NotNullWhen(true)] out EventEnvelope? envelope)
    {
        envelope = null;
        if (Manifest != JournalFormat.EventManifest)
        {
            return false;
        }

        try
        {
            envelope = EventEnvelope.Parser.ParseFrom(Message);
            return envelope.Event is not null;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}

/// <summary>The columns `identifier`, `serializer_id` and `manifest`: how an Akka serializer knows these bytes.</summary>
public static class JournalFormat
{
    /// <summary>The column `created`, in ticks. One that is no time, which only somebody else can have written, reads as the first of all times.</summary>
    public static DateTimeOffset Created(long ticks) =>
        ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;

    public const int SerializerId = 24379;
    public const string EventManifest = "mcptt.event.1";
    public const string SnapshotManifest = "mcptt.snapshot.1";

    /// <summary>Of the row that stands behind a history which was archived; its `deleted` is 1 and its message the name of the archive.</summary>
    public const string ArchivedManifest = "mcptt.archived.1";

    /// <summary>Akka.Persistence.Sql gives the column 255 characters.</summary>
    public const int MaxPersistenceIdLength = 255;
}

public sealed class JournalOpenException(string message, Exception? inner = null) : Exception(message, inner);

public sealed class JournalReadException(string message, Exception? inner = null) : Exception(message, inner);
