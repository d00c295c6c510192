using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Writes everything that waits in one batch, while the next one gathers, on a thread of its own. Where the options allow it, nothing waits, nothing is being
/// written and the batch before was of one, the caller writes its append itself: that saves two changes of thread, which cost as much as a commit on a fast disk,
/// and holds up one thread of the pool at most. With more callers at once it would only send one append ahead of all others that are about to come. A batch that cannot be written fails as a whole and a later one tries anew, on
/// a new connection where the old one may be the reason.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    // So many callers are told by the writer's thread itself; more of them by one of the pool, while the writer goes on with the next batch.
    private const int ToldAtOnce = 4;

    private readonly GroupCommitOptions _options;
    private readonly Func<IJournalWriter> _open;
    private readonly Func<Exception, string> _explain;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly RetryPause _pause;
    private List<JournalEntry> _waiting = [];
    private List<JournalEntry> _batch = [];
    private readonly Queue<Action> _chores = new();
    private bool _closed;
    private bool _doubted;
    private int _lastBatch;

    // Whoever set _writing, under the gate, has these to itself until it clears it.
    private bool _writing;
    private IJournalWriter? _writer;
    private volatile string _failure = "";

    public GroupCommit(
        GroupCommitOptions options, Func<IJournalWriter> open, Func<Exception, string> explain, JournalMetrics metrics, ILogger logger, TimeProvider time)
    {
        _options = options;
        _open = open;
        _explain = explain;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _pause = new RetryPause(options.RetryFirst, options.RetryMax, time);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _metrics.Watch(() => Waiting, () => _failure.Length > 0);
    }

    /// <summary>Why the last batch could not be written or the database not be reached; empty when all is well.</summary>
    public string Failure => _failure;

    private int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Tells of each batch that was written.</summary>
    public CommitSignal Commits { get; } = new();

    /// <summary>Opens the writing connection before anything is to be written, so that whoever opens the journal hears why it cannot be. Before <see cref="Start"/>.</summary>
    public void Connect() => _writer ??= _open();

    public void Start() => _thread.Start();

    public ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (_options.CallerMayWrite && TryLead())
        {
            var own = new JournalEntry(append, null, null);
            _batch.Add(own);
            WriteAndClear();
            return new(own.Result);
        }

        var completion = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryEnqueue(new JournalEntry(append, null, completion)) ? new(completion.Task) : new(AppendResult.Overloaded);
    }

    public bool TryPost(JournalNote note) => TryEnqueue(new JournalEntry(null, note, null));

    public ValueTask FlushAsync()
    {
        var completion = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryEnqueue(new JournalEntry(null, null, completion), evenIfFull: true) ? new(completion.Task) : ValueTask.CompletedTask;
    }

    /// <summary>Somebody else could not reach the database: an idle writer looks at once.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            _doubted = _options.ProbeEvery > TimeSpan.Zero;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Work of the writer's connection that is no append, at most one piece between two batches: whoever wants more done at once holds up everybody.
    /// Throws <see cref="JournalPruneException"/>.
    /// </summary>
    public Task<T> RunAsync<T>(Func<IJournalWriter, T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed)
            {
                throw new JournalPruneException($"the journal {_options.Journal} is closed");
            }

            _chores.Enqueue(() => RunChore(work, completion));
            Monitor.Pulse(_gate);
        }

        return completion.Task;
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
        else
        {
            _writer?.Dispose();
        }
    }

    private bool TryEnqueue(JournalEntry entry, bool evenIfFull = false)
    {
        lock (_gate)
        {
            if (_closed || (_waiting.Count >= _options.QueueLimit && !evenIfFull))
            {
                return false;
            }

            _waiting.Add(entry);
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
            var leads = !_closed && !_writing && _failure.Length == 0 && _waiting.Count == 0 && _lastBatch <= 1;
            _writing |= leads;
            return leads;
        }
    }

    private void Run()
    {
        while (TryTakeBatch(out var chore))
        {
            // Without a chore an empty batch is a look whether the database is there.
            if (_batch.Count > 0 || chore is null)
            {
                WriteBatch();
                TellCallers();
            }

            chore?.Invoke();
            EndWriting();
        }

        _writer?.Dispose();
    }

    /// <summary>An empty batch: it is time to look whether the database is there.</summary>
    private bool TryTakeBatch(out Action? chore)
    {
        lock (_gate)
        {
            var inTime = true;
            while (_writing || (_waiting.Count == 0 && _chores.Count == 0 && inTime && !_doubted))
            {
                if (_closed && !_writing)
                {
                    chore = null;
                    return false;
                }

                inTime = Monitor.Wait(_gate, _writing ? Timeout.InfiniteTimeSpan : UntilProbe());
            }

            _writing = true;
            _doubted = false;
            _chores.TryDequeue(out chore);
            _lastBatch = _waiting.Count;
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

    private TimeSpan UntilProbe() =>
        _options.ProbeEvery <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan
        : _failure.Length > 0 ? _pause.Left
        : _options.ProbeEvery;

    private void WriteAndClear()
    {
        WriteBatch();
        _batch.Clear();
        EndWriting();
    }

    private void TellCallers()
    {
        var told = new ToldCallers(_batch);
        if (_batch.Count <= ToldAtOnce)
        {
            told.Execute();
            _batch.Clear();
        }
        else
        {
            _batch = [];
            ThreadPool.UnsafeQueueUserWorkItem(told, preferLocal: false);
        }
    }

    private void EndWriting()
    {
        lock (_gate)
        {
            _writing = false;

            // After a caller's failure the thread looks sooner whether the database is there.
            if (_waiting.Count > 0 || _chores.Count > 0 || _closed || _doubted || _failure.Length > 0)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void RunChore<T>(Func<IJournalWriter, T> work, TaskCompletionSource<T> completion)
    {
        try
        {
            _writer ??= _open();
            completion.SetResult(work(_writer));
        }
        catch (Exception failure)
        {
            // Supervision: who asked is told, and appends go on.
            completion.SetException(new JournalPruneException($"journal {_options.Journal}: {_explain(failure)}", failure));
            DropUnusable();
        }
    }

    private void DropUnusable()
    {
        if (_writer is { IsUsable: false })
        {
            _writer.Dispose();
            _writer = null;
        }
    }

    private void WriteBatch()
    {
        if (_pause.Left > TimeSpan.Zero)
        {
            _batch.ForEach(entry => entry.Failed(_failure));
            return;
        }

        try
        {
            _writer ??= _open();
            if (_batch.Count == 0)
            {
                _writer.Probe();
            }
            else
            {
                var began = _time.GetTimestamp();
                _writer.Write(_batch);
                _metrics.BatchWritten(_batch.Count, _batch.Count(static entry => entry.Append is not null), _time.GetElapsedTime(began));
            }

            Succeed();
        }
        catch (Exception failure)
        {
            // Supervision: whatever went wrong, the callers of this batch are told and a later one is tried.
            Fail(failure);
        }
    }

    private void Succeed()
    {
        _pause.End();
        if (_failure.Length > 0)
        {
            _failure = "";
            _logger.LogInformation("The journal {Journal} writes again", _options.Journal);
        }

        if (_batch.Count > 0)
        {
            Commits.Committed();
        }
    }

    private void Fail(Exception failure)
    {
        _metrics.BatchFailed();
        var isFirst = _failure.Length == 0;
        var reason = _explain(failure);
        _pause.Begin();
        _failure = reason;
        if (isFirst)
        {
            _logger.LogError("The journal cannot write: {Reason}", reason);
        }

        DropUnusable();

        foreach (var entry in _batch.Where(entry => !entry.IsSettled))
        {
            entry.Failed(reason);
        }
    }

    private sealed class ToldCallers(List<JournalEntry> batch) : IThreadPoolWorkItem
    {
        public void Execute() => batch.ForEach(entry => entry.TellCaller());
    }
}
