using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>What the database of a journal knows besides its events, with the tags of the rows that were moved to archives.</summary>
internal sealed class ArchivedEvidence(IJournalEvidence live, ArchiveCatalog catalog) : IJournalEvidence
{
    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) => live.ReadOrderingsAsync(cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        live.ReadMarksAsync(afterOrdering, toOrdering, cancellationToken);

    public IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken) => live.ReadPointersAsync(cancellationToken);

    // The journal first, as for its rows: what was removed from it meanwhile is in a file that is seen.
    public async IAsyncEnumerable<StoredTag> ReadTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tag in live.ReadTagsAsync(cancellationToken))
        {
            yield return tag;
        }

        foreach (var record in catalog.List().SelectMany(file => file.ReadRecords(catalog.Index(file).Blocks)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var tag in record.Tags)
            {
                yield return new StoredTag(record.Event.Ordering, tag, record.Event.PersistenceId, record.Event.SequenceNumber);
            }
        }
    }
}
