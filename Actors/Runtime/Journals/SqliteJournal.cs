using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Journals;

/// <summary>
/// The embedded journal: one SQLite file in WAL mode with synchronous=FULL. When writes fail (a full or read-only disk, another process's
/// lock) appends end with <see cref="AppendOutcome.Failed"/>; they succeed again as soon as the file takes them.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private readonly SqliteJournalOptions _options;
    private readonly JournalMetrics _metrics = new();
    private readonly GroupCommit _commit;
    private readonly SqliteReaders _readers;
    private bool _open;

    public SqliteJournal(SqliteJournalOptions options, ILogger<SqliteJournal> logger)
    {
        _options = options;
        _commit = new GroupCommit(options, _metrics, logger);
        _readers = new SqliteReaders(options);
    }

    /// <summary>Why the last appends could not be stored; empty when they were. For health answers.</summary>
    public string Failure => _commit.Failure;

    public ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (!_open)
        {
            SqliteSchema.Ensure(_options);
            _commit.Start();
            _open = true;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<AppendResult> AppendAsync(JournalAppend append) => _commit.AppendAsync(append);

    public bool TryPost(JournalNote note) => _commit.TryPost(note);

    public ValueTask FlushAsync() => _commit.FlushAsync();

    public ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken) =>
        _readers.ReadAsync(static (reader, id) => reader.Start(id), persistenceId, cancellationToken);

    public async IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await _readers.ReadAsync(static (reader, of) => reader.Live(of), (prefix, after), cancellationToken);
            foreach (var actor in page)
            {
                yield return actor;
                after = actor.PersistenceId;
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }

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
            var page = await _readers.ReadAsync(static (reader, of) => reader.PersistenceIds(of), (prefix, after), cancellationToken);
            foreach (var id in page)
            {
                yield return id;
                after = id;
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(static (reader, _) => reader.LastOrdering(), 0, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _commit.Dispose();
        _readers.Dispose();
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<StoredEvent> PagesAsync(
        Func<SqliteReader, (string Key, long After), List<StoredEvent>> read,
        string key,
        long after,
        Func<StoredEvent, long> position,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await _readers.ReadAsync(read, (key, after), cancellationToken);
            foreach (var stored in page)
            {
                yield return stored;
                after = position(stored);
            }

            full = page.Count == SqliteReader.PageRows;
        }
    }
}
