using System.Runtime.CompilerServices;
using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>What a SQLite journal knows besides its events, page by page.</summary>
internal sealed class SqliteEvidence(SqliteReaders readers) : IJournalEvidence
{
    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, _) => reader.Orderings(), 0, cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        PagesAsync((reader, after) => reader.Marks((after, toOrdering)), SqliteReader.PageRows, afterOrdering, static mark => mark.Ordering, cancellationToken);

    public IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken) =>
        PagesAsync(static (reader, after) => reader.Tags(after), SqliteReader.TagRows, ("", long.MinValue), static tag => (tag.Tag, tag.Ordering), cancellationToken);

    public async IAsyncEnumerable<StoredPointer> ReadPointersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pointer in PagesAsync(
            static (reader, after) => reader.Snapshots(after), SqliteReader.PageRows, ("", long.MinValue), static pointer => (pointer.PersistenceId, pointer.SequenceNumber), cancellationToken))
        {
            yield return pointer;
        }

        await foreach (var live in new SqliteReading(readers).ReadLiveAsync("", "", cancellationToken))
        {
            yield return new StoredPointer("its live mark", live.PersistenceId, live.Mark.HandedOver);
        }
    }

    private IAsyncEnumerable<TRow> PagesAsync<TPosition, TRow>(
        Func<SqliteReader, TPosition, List<TRow>> read, int pageRows, TPosition from, Func<TRow, TPosition> behind, CancellationToken cancellationToken) =>
        JournalPages.ReadAsync((position, token) => readers.ReadAsync(read, position, token), pageRows, from, behind, cancellationToken);
}
