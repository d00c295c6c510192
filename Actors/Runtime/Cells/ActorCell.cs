using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>
/// One actor's place on a node: its mailbox, its outbox, and the actor itself while it is loaded. It runs one thing at a time on the
/// thread pool. After a failure the actor is dropped and the next command, or a retry, recovers it afresh.
/// </summary>
internal sealed class ActorCell : IThreadPoolWorkItem
{
    private readonly CellServices _services;
    private readonly Outbox _outbox;
    private readonly NodeLeaning _leaning;
    private readonly CellRecovery _recovery;
    private readonly Lock _gate = new();
    private readonly Queue<PendingCommand> _mailbox = new();
    private Errands _errands;
    private bool _running;
    private bool _unloaded;
    private LoadedActor? _actor;
    private TaskCompletionSource? _saved;
    private TaskCompletionSource<bool>? _loading;
    private TimeSpan _idleTime;
    private long _lastUsed;
    private volatile bool _hasNotes;

    public ActorCell(CellServices services, ActorAddress address)
    {
        _services = services;
        Address = address;
        PersistenceId = address.PersistenceId();
        _outbox = new Outbox(services);
        _leaning = new NodeLeaning(services.Nodes);
        _recovery = new CellRecovery(services, address, _outbox);
        _lastUsed = services.Time.GetTimestamp();
    }

    [Flags]
    private enum Errands
    {
        None = 0,
        Load = 1,
        Wake = 2,
        Sweep = 4,
        Save = 8,
        Node = 16,
    }

    public ActorAddress Address { get; }

    public string PersistenceId { get; }

    public PostOutcome Post(PendingCommand pending)
    {
        pending.PostedAt = _services.Time.GetTimestamp();
        int depth;
        lock (_gate)
        {
            if (_unloaded)
            {
                return PostOutcome.Unloaded;
            }

            if (_mailbox.Count >= _services.Options.MailboxLimit)
            {
                return PostOutcome.Full;
            }

            _mailbox.Enqueue(pending);
            depth = _mailbox.Count;
            Schedule();
        }

        _services.Metrics.Queued(depth);
        return PostOutcome.Posted;
    }

    /// <summary>A timer of the actor may be due. False: the cell was unloaded meanwhile.</summary>
    public bool TryWake() => TryPost(Errands.Wake);

    /// <summary>Ends with true when the actor is in memory; null: the cell was unloaded meanwhile.</summary>
    public Task<bool>? LoadAsync()
    {
        lock (_gate)
        {
            if (_unloaded)
            {
                return null;
            }

            _loading ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _errands |= Errands.Load;
            Schedule();
            return _loading.Task;
        }
    }

    /// <summary>Tells the actor of the node on which it leans, where there is something to tell.</summary>
    public void LookAtNode()
    {
        if (_leaning.IsUntold)
        {
            TryPost(Errands.Node);
        }
    }

    /// <summary>Looks after notes and idleness where there is something to do.</summary>
    public void Sweep(TimeSpan idleTime)
    {
        LookAtNode();
        if (_hasNotes || _services.Time.GetElapsedTime(Volatile.Read(ref _lastUsed)) >= idleTime)
        {
            _idleTime = idleTime;
            TryPost(Errands.Sweep);
        }
    }

    /// <summary>Before the node ends: snapshot and exact mark.</summary>
    public Task SaveAsync()
    {
        lock (_gate)
        {
            if (_unloaded)
            {
                return Task.CompletedTask;
            }

            _saved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _errands |= Errands.Save;
            Schedule();
            return _saved.Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private bool TryPost(Errands errand)
    {
        lock (_gate)
        {
            if (_unloaded)
            {
                return false;
            }

            _errands |= errand;
            Schedule();
            return true;
        }
    }

    private void Schedule()
    {
        if (!_running)
        {
            _running = true;
            _services.Work.Begin();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task RunAsync()
    {
        while (TryTake(out var errands, out var pending))
        {
            try
            {
                await (pending is null ? RunErrandsAsync(errands) : TakeAsync(pending));
                await TellOfNodeAsync();
            }
            catch (Exception failure)
            {
                // Supervision: whatever an actor does, it stops this actor only, and nothing is acknowledged.
                _services.Metrics.ActorFaulted();
                _services.Logger.LogError(failure, "{PersistenceId} is stopped", PersistenceId);
                Drop();
                pending?.TrySetResult(_services.Unavailable(UnavailableReason.RecoveryFailed, failure.Message));
            }
        }

        _services.Work.End();
    }

    private bool TryTake(out Errands errands, out PendingCommand? pending)
    {
        lock (_gate)
        {
            errands = _errands;
            _errands = Errands.None;
            pending = null;
            if (errands != Errands.None || _mailbox.TryDequeue(out pending))
            {
                return true;
            }

            _running = false;
            return false;
        }
    }

    private async ValueTask TakeAsync(PendingCommand pending)
    {
        if (pending.IsAbandoned)
        {
            return;
        }

        _lastUsed = _services.Time.GetTimestamp();
        _services.Metrics.Waited(Address.Kind, _services.Time.GetElapsedTime(pending.PostedAt, _lastUsed));
        _hasNotes = true;
        var reply = await DecideAsync(pending);

        // What was decided may be in the journal already: the next owner gives the first reply again when it is asked with the same id.
        pending.TrySetResult(NotOwned() ?? reply);
        DropIfStopped();
    }

    // A former owner's last write may come after this one read the history. While the shard is ours the command is decided again on what is there now:
    // answered MOVED it would come back behind those that wait here, which were sent after it.
    private async ValueTask<Reply> DecideAsync(PendingCommand pending)
    {
        for (var attempt = 1; ; attempt++)
        {
            if ((NotOwned() ?? await LoadIfNeededAsync()) is { } failed)
            {
                return failed;
            }

            var reply = await _actor!.TakeAsync(pending.Command, pending.Source);
            if (!_actor.IsOvertaken || attempt >= _services.Options.OvertakenAttempts)
            {
                return reply;
            }

            _actor = null;
        }
    }

    private async ValueTask RunErrandsAsync(Errands errands)
    {
        if (errands.HasFlag(Errands.Load))
        {
            await LoadIfNeededAsync();
            Interlocked.Exchange(ref _loading, null)?.TrySetResult(_actor is not null);
        }

        if (errands.HasFlag(Errands.Wake) && NotOwned() is null && await LoadIfNeededAsync() is null)
        {
            _hasNotes = true;
            await _actor!.FireTimersAsync();
            DropIfStopped();
        }

        if (errands.HasFlag(Errands.Save))
        {
            WriteNotes();
        }

        if (errands.HasFlag(Errands.Sweep))
        {
            RunSweep();
        }
    }

    // After everything that it does, because it may lean on another node by then; and when it came back, because that one may have gone meanwhile.
    private async ValueTask TellOfNodeAsync()
    {
        if (_actor is not null && _services.Lease.IsHeld && await _leaning.TellAsync(_actor))
        {
            _hasNotes = true;
            DropIfStopped();
        }
    }

    private void WriteNotes()
    {
        try
        {
            _actor?.TakeSnapshot();
            _actor?.NoteLive(exact: true);
        }
        finally
        {
            Interlocked.Exchange(ref _saved, null)?.TrySetResult();
        }
    }

    private void RunSweep()
    {
        if (_actor is not null)
        {
            _hasNotes = !_actor.NoteLive(exact: false);
        }

        var isIdle = _services.Time.GetElapsedTime(_lastUsed) >= _idleTime;
        if (!isIdle && _actor?.IsFinished() != true)
        {
            return;
        }

        if (_actor?.MayUnload() ?? _outbox.Count == 0)
        {
            Unload();
        }
        else
        {
            // Looked at again after another idle time, not every second.
            _lastUsed = _services.Time.GetTimestamp();
        }
    }

    private void Unload()
    {
        lock (_gate)
        {
            if (_mailbox.Count > 0 || _errands != Errands.None)
            {
                return;
            }

            _unloaded = true;
        }

        _actor?.TakeSnapshot();
        _actor?.NoteLive(exact: true);
        _actor = null;
        _services.Metrics.ActorUnloaded();
        _services.Unloaded(this);
    }

    /// <summary>Null when the actor is there; else why it is not.</summary>
    private async ValueTask<Reply?> LoadIfNeededAsync()
    {
        if (_actor is not null)
        {
            return null;
        }

        (_actor, var failed) = await _recovery.LoadAsync();
        return failed;
    }

    private Reply? NotOwned() =>
        _services.Lease.IsHeld ? null : _services.Unavailable(UnavailableReason.Moved, $"this node does not own {PersistenceId} any more");

    private void DropIfStopped()
    {
        if (_actor?.IsStopped == true)
        {
            Drop();
        }
    }

    private void Drop()
    {
        _actor = null;
        _recovery.RetryLater();
    }
}
