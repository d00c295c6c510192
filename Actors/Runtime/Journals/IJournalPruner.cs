namespace Mcptt.Actors.Journals;

/// <summary>
/// What moving rows out of a journal needs besides reading. Only rows that stand in a verified archive are removed, in bounded transactions, and
/// the last of an actor's rows leaves a mark at the sequence number after it: whoever still has the actor in memory fails at its next append, and
/// whoever recovers it learns that its history is elsewhere. Throws <see cref="JournalReadException"/> and <see cref="JournalPruneException"/>.
/// </summary>
public interface IJournalPruner
{
    /// <summary>Persistence ids with a prefix whose last event was stored before a moment, which are not live and not archived; in their order.</summary>
    IAsyncEnumerable<DormantActor> ReadDormantAsync(string prefix, DateTimeOffset storedBefore, CancellationToken cancellationToken);

    /// <summary>Whole rows in the order that is given; what is not there is left out.</summary>
    IAsyncEnumerable<JournalRecord> ReadRecordsAsync(IReadOnlyList<long> orderings, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the mark behind each history and removes its snapshots. Refused are those whose history has grown or that became live since they were
    /// read. Marked already: accepted.
    /// </summary>
    /// <returns>Persistence ids that are refused.</returns>
    ValueTask<IReadOnlyList<string>> MarkArchivedAsync(IReadOnlyList<HistoryEnd> histories, string archive, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes these rows and their tags in one transaction. Rows of actors without a mark, and rows that differ, stay.</summary>
    /// <returns>Rows that were there.</returns>
    ValueTask<int> RemoveAsync(IReadOnlyList<RowKey> rows, CancellationToken cancellationToken);
}

/// <summary>An actor that has written nothing for long.</summary>
public readonly record struct DormantActor(string PersistenceId, long FirstOrdering, long LastOrdering);

/// <summary>The last event of a history, as it was when it was read.</summary>
public readonly record struct HistoryEnd(string PersistenceId, long SequenceNumber);

/// <summary>One row of the table `journal` with what <see cref="StoredEvent"/> leaves out, and its tags in their order.</summary>
public readonly record struct JournalRecord(StoredEvent Event, int Identifier, IReadOnlyList<string> Tags);

/// <summary>Names a row so that no other can be meant.</summary>
public readonly record struct RowKey(long Ordering, string PersistenceId, long SequenceNumber, IReadOnlyList<string> Tags);

public sealed class JournalPruneException(string message, Exception? inner = null) : Exception(message, inner);
