using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Journals;

/// <summary>
/// The embedded journal: one SQLite file in WAL mode with synchronous=FULL. When writes fail (a full or read-only disk, another process's
/// lock) appends end with <see cref="AppendOutcome.Failed"/>; they succeed again as soon as the file takes them.
/// </summary>
public sealed class SqliteJournal : JournalReadThrough, IJournal
{
    private readonly SqliteJournalOptions _options;
    private readonly JournalMetrics _metrics;
    private readonly GroupCommit _commit;
    private readonly SqliteReaders _readers;
    private bool _open;

    public SqliteJournal(SqliteJournalOptions options, ILogger<SqliteJournal> logger)
    {
        _options = options;
        _metrics = new JournalMetrics(options.Meters);
        var writing = new GroupCommitOptions { Journal = options.Path, QueueLimit = options.QueueLimit, BatchLimit = options.BatchLimit, CallerMayWrite = true };
        _commit = new GroupCommit(writing, () => new SqliteWriter(options), failure => $"journal {options.Path}: {failure.Message}", _metrics, logger, TimeProvider.System);
        _readers = new SqliteReaders(options.Path, options.ReaderLimit, OpenReader);
        Reading = new SqliteReading(_readers);
    }

    public string Failure => _commit.Failure;

    protected override IJournalReader Reading { get; }

    public override CommitSignal Commits => _commit.Commits;

    public IJournalPruner? Pruner => new SqlitePruner(_readers, _commit);

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

    public ValueTask DisposeAsync()
    {
        _commit.Dispose();
        _readers.Dispose();
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteReader OpenReader() => new(SqliteDatabase.Open(_options.Path, create: false), _options.BusyTimeout);
}
