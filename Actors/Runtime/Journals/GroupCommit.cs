using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Writes everything that waits in one transaction, while the next batch gathers, on a thread of its own. Where nothing waits
/// and nothing is being written, the caller writes its append itself: that saves two changes of thread, which cost as much as a
/// commit on a fast disk, and holds up one thread of the pool at most. A batch that cannot be written fails as a whole and the
/// next one tries anew, on a new connection where the old one may be the reason.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly SqliteJournalOptions _options;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private List<Waiting> _waiting = [];
    private List<Waiting> _batch = [];
    private bool _closed;

    // Whoever set _writing, under the gate, has these to itself until it clears it.
    private bool _writing;
    private SqliteWriter? _writer;
    private volatile string _failure = "";

    public GroupCommit(SqliteJournalOptions options, JournalMetrics metrics, ILogger logger)
    {
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
    }

    /// <summary>Why the last batch could not be written; empty when it was.</summary>
    public string Failure => _failure;

    /// <summary>Tells of each batch that was written.</summary>
    public CommitSignal Commits { get; } = new();

    public void Start() => _thread.Start();

    public ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (TryLead())
        {
            var own = new Waiting(append, null, null);
            _batch.Add(own);
            WriteAndClear();
            return new(own.Result);
        }

        var completion = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryEnqueue(new Waiting(append, null, completion)) ? new(completion.Task) : new(AppendResult.Overloaded);
    }

    public bool TryPost(JournalNote note) => TryEnqueue(new Waiting(null, note, null));

    public ValueTask FlushAsync()
    {
        var completion = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryEnqueue(new Waiting(null, null, completion), evenIfFull: true) ? new(completion.Task) : ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private bool TryEnqueue(Waiting item, bool evenIfFull = false)
    {
        lock (_gate)
        {
            if (_closed || (_waiting.Count >= _options.QueueLimit && !evenIfFull))
            {
                return false;
            }

            _waiting.Add(item);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    private bool TryLead()
    {
        lock (_gate)
        {
            // While writes fail they may each wait for another process's lock: that is for the thread that has nothing else to do.
            var leads = !_closed && !_writing && _failure.Length == 0 && _waiting.Count == 0;
            _writing |= leads;
            return leads;
        }
    }

    private void Run()
    {
        while (TryTakeBatch())
        {
            WriteAndClear();
        }

        _writer?.Dispose();
    }

    private bool TryTakeBatch()
    {
        lock (_gate)
        {
            while (_writing || _waiting.Count == 0)
            {
                if (_closed && !_writing)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            _writing = true;
            if (_waiting.Count <= _options.BatchLimit)
            {
                (_batch, _waiting) = (_waiting, _batch);
            }
            else
            {
                _batch.AddRange(_waiting.Take(_options.BatchLimit));
                _waiting.RemoveRange(0, _options.BatchLimit);
            }

            return true;
        }
    }

    private void WriteAndClear()
    {
        _metrics.BatchWritten(_batch.Count);
        WriteBatch();
        _batch.Clear();
        lock (_gate)
        {
            _writing = false;
            if (_waiting.Count > 0 || _closed)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void WriteBatch()
    {
        try
        {
            _writer ??= new SqliteWriter(_options);
            while (!TryWrite(_writer))
            {
                // A row in the middle of an append was taken; the batch is written again without that append.
            }

            Succeed();
        }
        catch (Exception failure)
        {
            // Supervision: whatever went wrong, the callers of this batch are told and the next batch is tried.
            Fail(failure);
        }
    }

    private bool TryWrite(SqliteWriter writer)
    {
        writer.Begin();
        for (var i = 0; i < _batch.Count; i++)
        {
            var item = _batch[i];
            if (item.Note is { } note)
            {
                writer.Write(note);
            }
            else if (item.Append is { } append && !item.Occupied)
            {
                var written = writer.Append(append);
                item.Occupied = written < append.Rows.Count;
                if (item.Occupied && written > 0)
                {
                    writer.Rollback();
                    return false;
                }
            }
        }

        writer.Commit();
        return true;
    }

    private void Succeed()
    {
        if (_failure.Length > 0)
        {
            _failure = "";
            _logger.LogInformation("The journal {Path} writes again", _options.Path);
        }

        foreach (var item in _batch)
        {
            item.End(item.Occupied
                ? new AppendResult(AppendOutcome.Occupied, $"{item.Append?.PersistenceId} was written by somebody else")
                : AppendResult.Written);
        }

        Commits.Committed();
    }

    private void Fail(Exception failure)
    {
        _metrics.BatchFailed();
        var isFirst = _failure.Length == 0;
        _failure = failure.Message;
        if (isFirst)
        {
            _logger.LogError("The journal {Path} cannot write: {Reason}", _options.Path, failure.Message);
        }

        _writer?.Rollback();
        if (failure is not SqliteFailureException { Code: raw.SQLITE_BUSY or raw.SQLITE_FULL })
        {
            _writer?.Dispose();
            _writer = null;
        }

        foreach (var item in _batch)
        {
            item.End(new AppendResult(AppendOutcome.Failed, failure.Message));
        }
    }

    private sealed class Waiting(JournalAppend? append, JournalNote? note, TaskCompletionSource<AppendResult>? completion)
    {
        public JournalAppend? Append { get; } = append;

        public JournalNote? Note { get; } = note;

        public bool Occupied { get; set; }

        public AppendResult Result { get; private set; }

        public void End(AppendResult result)
        {
            Result = result;
            completion?.TrySetResult(result);
        }
    }
}
