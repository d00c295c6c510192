using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Journals;

/// <summary>Reads a SQLite journal page by page, whoever else writes to it meanwhile.</summary>
internal sealed class SqliteReading(SqliteReaders readers) : IJournalReader
{
    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        PagesAsync(static (reader, of) => reader.Actor((of.Key, of.After + 1)), persistenceId, fromSequenceNumber - 1, static e => e.SequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        PagesAsync(static (reader, of) => reader.All(of.After), "", afterOrdering, static e => e.Ordering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        PagesAsync(static (reader, of) => reader.Tag((of.Key, of.After)), tag, afterOrdering, static e => e.Ordering, cancellationToken);

    public async IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(static (reader, of) => reader.PersistenceIds(of), (prefix, after), cancellationToken);
            foreach (var id in page)
            {
                yield return id;
                after = id;
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }

    public async IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(static (reader, of) => reader.Live(of), (prefix, after), cancellationToken);
            foreach (var actor in page)
            {
                yield return actor;
                after = actor.PersistenceId;
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, after) => reader.Point(after), afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, _) => reader.LastOrdering(), 0, cancellationToken);

    private async IAsyncEnumerable<StoredEvent> PagesAsync(
        Func<SqliteReader, (string Key, long After), List<StoredEvent>> read,
        string key,
        long after,
        Func<StoredEvent, long> position,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(read, (key, after), cancellationToken);
            foreach (var stored in page)
            {
                yield return stored;
                after = position(stored);
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }
}
