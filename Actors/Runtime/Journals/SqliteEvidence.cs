using System.Runtime.CompilerServices;
using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>What a SQLite journal knows besides its events, page by page.</summary>
internal sealed class SqliteEvidence(SqliteReaders readers) : IJournalEvidence
{
    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, _) => reader.Orderings(), 0, cancellationToken);

    public async IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(static (reader, of) => reader.Marks(of), (afterOrdering, toOrdering), cancellationToken);
            foreach (var mark in page)
            {
                yield return mark;
                afterOrdering = mark.Ordering;
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }

    public async IAsyncEnumerable<StoredTag> ReadTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = ("", long.MinValue);
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(static (reader, from) => reader.Tags(from), after, cancellationToken);
            foreach (var tag in page)
            {
                yield return tag;
                after = (tag.Tag, tag.Ordering);
            }

            full = page.Count == SqliteReader.TagRows;
        }
    }

    public async IAsyncEnumerable<StoredPointer> ReadPointersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = ("", long.MinValue);
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(static (reader, from) => reader.Snapshots(from), after, cancellationToken);
            foreach (var pointer in page)
            {
                yield return pointer;
                after = (pointer.PersistenceId, pointer.SequenceNumber);
            }

            full = page.Count == SqliteReader.PageRows;
        }

        await foreach (var live in new SqliteReading(readers).ReadLiveAsync("", "", cancellationToken))
        {
            yield return new StoredPointer("its live mark", live.PersistenceId, live.Mark.HandedOver);
        }
    }
}
