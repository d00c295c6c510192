using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>
/// A SQLite journal to look at: of a server that writes meanwhile, of one that was killed, on a read-only medium, or a copy. Nothing in the
/// file or beside it is created or changed.
/// </summary>
public sealed class SqliteJournalReader : IJournalReader, IJournalEvidence, IDisposable
{
    private readonly SqliteReaders _readers;
    private readonly SqliteReading _reading;
    private readonly SqliteEvidence _evidence;

    private SqliteJournalReader(SqliteReaders readers)
    {
        _readers = readers;
        _reading = new SqliteReading(readers);
        _evidence = new SqliteEvidence(readers);
    }

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    public static SqliteJournalReader Open(SqliteJournalOptions options)
    {
        var path = Path.GetFullPath(options.Path);
        SqliteSchema.CheckToRead(path);
        return new SqliteJournalReader(new SqliteReaders(path, options.ReaderLimit, () => OpenReader(path, options.BusyTimeout)));
    }

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        _reading.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadAllAsync(afterOrdering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadTagAsync(tag, afterOrdering, cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        _reading.ReadPersistenceIdsAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        _reading.ReadLiveAsync(prefix, after, cancellationToken);

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadPointAsync(afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => _reading.ReadLastOrderingAsync(cancellationToken);

    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) => _evidence.ReadOrderingsAsync(cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        _evidence.ReadMarksAsync(afterOrdering, toOrdering, cancellationToken);

    public IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken) => _evidence.ReadTagsAsync(cancellationToken);

    public IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken) => _evidence.ReadPointersAsync(cancellationToken);

    public void Dispose() => _readers.Dispose();

    private static SqliteReader OpenReader(string path, TimeSpan busyTimeout)
    {
        var seen = SqliteFileStamp.Of(path);
        return new SqliteReader(seen.OpenReadOnly(path), busyTimeout, () => !seen.IsLive && seen != SqliteFileStamp.Of(path));
    }
}
