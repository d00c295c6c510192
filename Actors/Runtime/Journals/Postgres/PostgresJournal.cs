using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// The journal in PostgreSQL. While the server is away appends end with <see cref="AppendOutcome.Failed"/> at once; a probe finds it when it is
/// back. An append whose commit was not answered is a failed one: its actor is recovered and finds out.
/// </summary>
public sealed class PostgresJournal : JournalReadThrough, IJournal
{
    private readonly PostgresJournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly PostgresSources _sources;
    private readonly PostgresReaders _readers;
    private readonly GroupCommit _commit;
    private bool _open;

    public PostgresJournal(PostgresJournalOptions options, ILogger<PostgresJournal> logger, TimeProvider time)
    {
        _options = options;
        _time = time;
        _metrics = new JournalMetrics(options.Meters);
        _sources = new PostgresSources(options);
        var writing = new GroupCommitOptions
        {
            Journal = options.Name,
            QueueLimit = options.QueueLimit,
            BatchLimit = options.BatchLimit,
            CallerMayWrite = options.CallerMayWrite,
            RetryFirst = options.RetryFirst,
            RetryMax = options.RetryMax,
            ProbeEvery = options.ProbeEvery,
        };
        _commit = new GroupCommit(writing, () => new PostgresWriter(_sources.Writing, options, logger), failure => PostgresFailure.Explain(options, failure), _metrics, logger, time);
        _readers = new PostgresReaders(_sources.Reading, options, _commit.Doubt);
        Reading = new PostgresReading(_readers);
    }

    public string Failure => _commit.Failure;

    protected override IJournalReader Reading { get; }

    public override CommitSignal Commits => _commit.Commits;

    public IJournalPruner? Pruner => new PostgresPruner(_readers);

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (!_open)
        {
            await new PostgresTables(_options).EnsureAsync(cancellationToken);
            if (_options.Writers != JournalWriters.Any)
            {
                await OccupyAsync(cancellationToken);
            }

            _commit.Start();
            _open = true;
        }
    }

    public ValueTask<AppendResult> AppendAsync(JournalAppend append) => _commit.AppendAsync(append);

    public bool TryPost(JournalNote note) => _commit.TryPost(note);

    public ValueTask FlushAsync() => _commit.FlushAsync();

    public ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken) =>
        _readers.ReadAsync(PostgresReader.StartAsync, persistenceId, cancellationToken);

    private async ValueTask OccupyAsync(CancellationToken cancellationToken)
    {
        for (var start = _time.GetTimestamp(); ;)
        {
            try
            {
                _commit.Connect();
                return;
            }
            catch (JournalOccupiedException failure)
            {
                if (_time.GetElapsedTime(start) >= _options.OccupiedPatience)
                {
                    throw new JournalOpenException(PostgresFailure.Explain(_options, failure), failure);
                }
            }
            catch (NpgsqlException failure)
            {
                throw new JournalOpenException(PostgresFailure.Explain(_options, failure), failure);
            }

            await Task.Delay(_options.RetryFirst, _time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _commit.Dispose();
        _readers.Dispose();
        await _sources.DisposeAsync();
        _metrics.Dispose();
    }
}
