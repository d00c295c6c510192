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

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        PagesAsync(static (reader, of) => reader.PersistenceIds(of), prefix, after, static id => id, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        PagesAsync(static (reader, of) => reader.Live(of), prefix, after, static actor => actor.PersistenceId, cancellationToken);

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, after) => reader.Point(after), afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static (reader, _) => reader.LastOrdering(), 0, cancellationToken);

    private IAsyncEnumerable<TRow> PagesAsync<TPosition, TRow>(
        Func<SqliteReader, (string Key, TPosition After), List<TRow>> read, string key, TPosition after, Func<TRow, TPosition> behind, CancellationToken cancellationToken) =>
        JournalPages.ReadAsync((from, token) => readers.ReadAsync(read, (key, from), token), SqliteReader.PageRows, after, behind, cancellationToken);
}
