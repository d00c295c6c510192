namespace Mcptt.Actors.Audit;

/// <summary>A row of the table `tags`.</summary>
public readonly record struct StoredTag(long Ordering, string Tag, string PersistenceId, long SequenceNumber);

/// <summary>A row elsewhere that names an event: a snapshot, or the mark of a live actor.</summary>
/// <param name="Source">For people: "the snapshot", "the live mark".</param>
public readonly record struct StoredPointer(string Source, string PersistenceId, long SequenceNumber);

/// <summary>A row that no reader is shown, because its column `deleted` is set: it stands behind a history that was archived, or hides something.</summary>
public readonly record struct StoredMark(long Ordering, string PersistenceId, long SequenceNumber, string Manifest);

/// <summary>How far orderings go.</summary>
/// <param name="Drawn">Highest ordering that the database has given out; 0: it does not say.</param>
/// <param name="Stored">Highest one of a row, whether readers are shown it or not.</param>
/// <param name="IsGapless">Every ordering that was given out belongs to a row.</param>
public readonly record struct OrderingEvidence(long Drawn, long Stored, bool IsGapless);

/// <summary>What a database knows of its journal besides the events. Throws <see cref="Journals.JournalReadException"/> when it cannot be read.</summary>
public interface IJournalEvidence
{
    ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken);

    /// <summary>In the order of their orderings, after one and up to another.</summary>
    IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken);

    /// <summary>All tags, in any order.</summary>
    IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken);

    /// <summary>In any order.</summary>
    IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken);
}
