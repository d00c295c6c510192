using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>What the database of a journal knows besides its events, with the tags of the rows that were moved to archives, each once.</summary>
internal sealed class ArchivedEvidence(IJournalReader journal, IJournalEvidence live, ArchiveCatalog catalog) : IJournalEvidence
{
    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) => live.ReadOrderingsAsync(cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        live.ReadMarksAsync(afterOrdering, toOrdering, cancellationToken);

    public IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken) => live.ReadPointersAsync(cancellationToken);

    // Tags have no order in which a row could be seen to move from one place to the other. So nothing may move meanwhile.
    public async IAsyncEnumerable<StoredTag> ReadTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = NamesAtRest();
        await foreach (var tag in live.ReadTagsAsync(cancellationToken))
        {
            yield return tag;
        }

        await foreach (var record in ReadMovedAsync(cancellationToken))
        {
            foreach (var tag in record.Tags)
            {
                yield return new StoredTag(record.Event.Ordering, tag, record.Event.PersistenceId, record.Event.SequenceNumber);
            }
        }

        if (!NamesAtRest().SequenceEqual(names))
        {
            throw Moving();
        }
    }

    /// <summary>Rows of archives that are not in the journal any more. One that a run left in both is there with its tags.</summary>
    private async IAsyncEnumerable<JournalRecord> ReadMovedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var question = new ArchiveQuestion<JournalRecord, long>(
            static record => record.Event.Ordering,
            Comparer<long>.Default,
            static file => file.Header.FirstOrdering - 1,
            (file, after) => file.ReadRecords(catalog.Index(file).Blocks.Where(block => block.LastOrdering > after)).Where(record => record.Event.Ordering > after));
        using var archives = new ArchiveSource<JournalRecord, long>(catalog, question);
        archives.Refresh(0);
        await using var rows = journal.ReadAllAsync(0, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasRow = await rows.MoveNextAsync();
        for (long after = 0; archives.TryTake(after, isBounded: false, after, out var record); after = record.Event.Ordering)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (hasRow && rows.Current.Ordering < record.Event.Ordering)
            {
                hasRow = await rows.MoveNextAsync();
            }

            if (!hasRow || rows.Current.Ordering != record.Event.Ordering)
            {
                yield return record;
            }
        }
    }

    private IReadOnlyList<string> NamesAtRest() => catalog.IsMoving ? throw Moving() : catalog.Names();

    private static JournalReadException Moving() => new("calls are being moved into archives at this moment; verify when that is done");
}
