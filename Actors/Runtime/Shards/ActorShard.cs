using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Shards;

/// <summary>
/// The actors of one shard on the node that owns it: what every engine runs. Disposing without <see cref="DrainAsync"/> is like a crash:
/// what was not handed over is sent again by the next owner.
/// </summary>
public sealed class ActorShard : IAsyncDisposable
{
    private readonly ShardHost _host;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimerQueue _timers;
    private readonly CellTable _cells;
    private readonly CellServices _services;
    private ITimer? _sweep;
    private volatile Phase _phase = Phase.New;

    public ActorShard(ShardHost host, IShardLease lease, ICellWatcher? watcher = null)
    {
        _host = host;
        _timers = new TimerQueue(host.Time, Wake);
        _cells = new CellTable(host, watcher);
        _services = new CellServices
        {
            Host = host,
            Lease = lease,
            Timers = _timers,
            Unloaded = _cells.Remove,
            Stopping = _stopping.Token,
        };
    }

    private enum Phase
    {
        New,
        Running,
        Draining,
        Stopped,
    }

    /// <summary>
    /// Takes commands, and loads every actor that somebody relies on: with effects to hand over, with a call or floor under way, with
    /// a timer that came due. Later timers are kept and load their actor when they are due.
    /// </summary>
    /// <param name="live">The shard's part of the table `live`.</param>
    public async Task StartAsync(IAsyncEnumerable<LiveActor> live, CancellationToken cancellationToken)
    {
        _phase = Phase.Running;
        var now = UnixTime.UsOf(_host.Time.GetUtcNow());
        var due = new List<ActorAddress>();
        await foreach (var actor in live.WithCancellation(cancellationToken))
        {
            if (actor.Mark.DueUs > now)
            {
                _timers.Set(actor.PersistenceId, actor.Mark.DueUs);
            }
            else if (ActorAddresses.TryParse(actor.PersistenceId, out var address) && _host.Kinds.Knows(address.Kind))
            {
                due.Add(address);
            }
        }

        var warm = new ParallelOptions { MaxDegreeOfParallelism = _host.Options.WarmStartParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, warm, async (address, _) => await LoadAsync(address));
        if (_phase == Phase.Running)
        {
            _sweep = _host.Time.CreateTimer(_ => _cells.Sweep(), null, _host.Options.SweepInterval, _host.Options.SweepInterval);
        }
    }

    public async ValueTask<Reply> SendAsync(Command command, CommandSource source, CancellationToken cancellationToken)
    {
        if (Refuse(command, source) is { } refused)
        {
            return refused;
        }

        var pending = new PendingCommand(command, source);
        for (var outcome = PostOutcome.Unloaded; outcome == PostOutcome.Unloaded;)
        {
            if (!_cells.TryGetOrAdd(_services, command.To, out var cell))
            {
                return _services.Unavailable(UnavailableReason.Overloaded, "as many actors are loaded as may be");
            }

            outcome = cell.Post(pending);
            if (outcome == PostOutcome.Full)
            {
                return _services.Unavailable(UnavailableReason.Overloaded, $"the mailbox of {cell.PersistenceId} is full");
            }
        }

        try
        {
            return await pending.Task.WaitAsync(_host.Options.CommandDeadline, _host.Time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            pending.Abandon();
            return _services.Unavailable(UnavailableReason.Deadline, "no answer in time; the outcome is unknown");
        }
    }

    /// <summary>Actors that wait for their earliest timer, in memory or not.</summary>
    public int WaitingTimers => _timers.Count;

    /// <summary>The engine's <see cref="INodeWatch"/> may say something else now. Actors that lean on a node are told beside what they do; the sweep looks too.</summary>
    public void NodesChanged() => _cells.LookAtNodes();

    /// <summary>Ends when no actor and no outbox of the shard is at work: what follows from the commands sent so far has happened.</summary>
    internal Task IdleAsync() => _services.Work.NoneAsync();

    /// <summary>Refuses new commands, finishes what is under way, hands effects over, and writes snapshots and marks, which may still wait in the journal's queue.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_phase != Phase.Running)
        {
            return;
        }

        _phase = Phase.Draining;
        _timers.Dispose();
        try
        {
            await _services.Work.NoneAsync().WaitAsync(_host.Options.DrainTime, _host.Time, cancellationToken);
            await Task.WhenAll(_cells.All.Select(cell => cell.SaveAsync())).WaitAsync(_host.Options.DrainTime, _host.Time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            _host.Logger.LogWarning("Not everything was handed over before the drain ended; the rest is sent again by the next owner");
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_phase == Phase.Stopped)
        {
            return;
        }

        _phase = Phase.Stopped;
        _timers.Dispose();
        if (_sweep is not null)
        {
            await _sweep.DisposeAsync();
        }

        await _stopping.CancelAsync();
        _stopping.Dispose();
        _cells.Abandon();
    }

    private Reply? Refuse(Command command, CommandSource source)
    {
        if (_phase != Phase.Running && (_phase != Phase.Draining || source == CommandSource.Outside))
        {
            return _services.Unavailable(UnavailableReason.Stopping, _phase == Phase.New ? "the node has not started" : "the node stops");
        }

        if (command.To is null || !_host.Kinds.Knows(command.To.Kind))
        {
            return Invalid($"no actors of kind {command.To?.Kind} are served here");
        }

        if (command.CommandId.Length == 0 || command.To.Id.Length == 0)
        {
            return Invalid("a command needs an id and a receiver");
        }

        if (!IsKnown(command))
        {
            // A newer node sent it. Refusing it for good would be wrong: who asks again may find another owner.
            return _services.Unavailable(UnavailableReason.RecoveryFailed, "this node's version does not know the command");
        }

        return command.To.PersistenceId().Length > JournalFormat.MaxPersistenceIdLength
            ? Invalid($"an identity has at most {JournalFormat.MaxPersistenceIdLength} characters with the name of its kind")
            : null;
    }

    private static bool IsKnown(Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Ue => command.Ue.BodyCase != UeCommand.BodyOneofCase.None,
            Command.BodyOneofCase.Group => command.Group.BodyCase != GroupCommand.BodyOneofCase.None,
            Command.BodyOneofCase.Call => command.Call.BodyCase != CallCommand.BodyOneofCase.None,
            Command.BodyOneofCase.Floor => command.Floor.BodyCase != FloorCommand.BodyOneofCase.None,
            _ => command.BodyCase != Command.BodyOneofCase.None,
        };

    private static Reply Invalid(string detail) => Replies.Rejected(new Rejection { Code = RejectionCode.InvalidRequest, Detail = detail });

    private async Task LoadAsync(ActorAddress address)
    {
        Task<bool>? loading = null;
        while (loading is null && _cells.TryGetOrAdd(_services, address, out var cell))
        {
            loading = cell.LoadAsync();
        }

        if (loading is null || !await loading)
        {
            _host.Logger.LogError("{PersistenceId} could not be loaded at start", address.PersistenceId());
        }
    }

    private void Wake(string persistenceId)
    {
        if (!ActorAddresses.TryParse(persistenceId, out var address) || !_host.Kinds.Knows(address.Kind))
        {
            return;
        }

        while (_cells.TryGetOrAdd(_services, address, out var cell))
        {
            if (cell.TryWake())
            {
                return;
            }
        }

        // As many actors as may be: the timer is tried again when the sweep has made room.
        _timers.Set(persistenceId, UnixTime.UsOf(_host.Time.GetUtcNow()) + (long)_host.Options.RecoveryRetryFirst.TotalMicroseconds);
    }
}
