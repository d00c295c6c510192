using System.Security.Cryptography;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors;

/// <summary>
/// The engine for one machine: every actor lives here. <see cref="Attach"/> before or after <see cref="StartAsync"/>; effects for ports that are
/// not attached wait. Disposing without <see cref="StopAsync"/> is like a crash: what was not handed over is sent again after the next start.
/// The journal is the caller's to dispose, after this.
/// </summary>
public sealed class LocalEngine : ICommandSink, ICommandRouter, IAsyncDisposable
{
    private const int RunNameBytes = 8;

    private readonly EngineOptions _options;
    private readonly ActorKinds _kinds;
    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly EffectGateway _gateway;
    private readonly TimerQueue _timers;
    private readonly CellTable _cells;
    private readonly CellServices _services;
    private ITimer? _sweep;
    private volatile Phase _phase = Phase.New;

    public LocalEngine(ActorKinds kinds, IJournal journal, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _kinds = kinds;
        _journal = journal;
        _time = time;
        _logger = loggers.CreateLogger<LocalEngine>();
        _gateway = new EffectGateway(this, Metrics, _logger);
        _timers = new TimerQueue(time, Wake);
        _cells = new CellTable(options);
        Metrics.Loaded(() => _cells.Count);
        _services = new CellServices
        {
            Kinds = kinds,
            Journal = journal,
            Options = options,
            Time = time,
            Metrics = Metrics,
            Logger = _logger,
            Gateway = _gateway,
            WriterUuid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunNameBytes)),
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

    public EngineMetrics Metrics { get; } = new();

    /// <summary>Actors in memory.</summary>
    public int Loaded => _cells.Count;

    public void Attach(ISipOutbox sip, IMediaPlane media) => _gateway.Attach(sip, media);

    /// <summary>
    /// Opens the journal and loads every actor that somebody relies on: with effects to hand over, with a call or floor under way, with
    /// a timer that came due. Later timers are kept and load their actor when they are due.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _journal.OpenAsync(cancellationToken);
        _phase = Phase.Running;
        var now = Clock.NowUs(_time);
        var due = new List<ActorAddress>();
        await foreach (var live in _journal.ReadLiveAsync("", "", cancellationToken))
        {
            if (live.Mark.DueUs > now)
            {
                _timers.Set(live.PersistenceId, live.Mark.DueUs);
            }
            else if (ActorAddresses.TryParse(live.PersistenceId, out var address) && _kinds.Knows(address.Kind))
            {
                due.Add(address);
            }
        }

        var warm = new ParallelOptions { MaxDegreeOfParallelism = _options.WarmStartParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, warm, async (address, _) => await LoadAsync(address));
        _sweep = _time.CreateTimer(_ => _cells.Sweep(), null, _options.SweepInterval, _options.SweepInterval);
    }

    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken) =>
        RouteAsync(command, CommandSource.Outside, cancellationToken);

    ValueTask<Reply> ICommandRouter.RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken) =>
        RouteAsync(command, source, cancellationToken);

    /// <summary>Refuses new commands, finishes what is under way, hands effects over, and writes snapshots and marks.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase != Phase.Running)
        {
            return;
        }

        _phase = Phase.Draining;
        _timers.Dispose();
        try
        {
            await _services.Work.NoneAsync().WaitAsync(_options.DrainTime, _time, cancellationToken);
            await Task.WhenAll(_cells.All.Select(cell => cell.SaveAsync())).WaitAsync(_options.DrainTime, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            _logger.LogWarning("The engine stops before everything was handed over; the rest is sent again after the next start");
        }

        await EndAsync();
        await _journal.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stopping.Dispose();
        Metrics.Dispose();
    }

    private async Task EndAsync()
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
    }

    private async ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken)
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
            return await pending.Task.WaitAsync(_options.CommandDeadline, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            pending.Abandon();
            return _services.Unavailable(UnavailableReason.Deadline, "no answer in time; the outcome is unknown");
        }
    }

    private Reply? Refuse(Command command, CommandSource source)
    {
        if (_phase != Phase.Running && (_phase != Phase.Draining || source == CommandSource.Outside))
        {
            return _services.Unavailable(UnavailableReason.Stopping, _phase == Phase.New ? "the node has not started" : "the node stops");
        }

        if (command.To is null || !_kinds.Knows(command.To.Kind))
        {
            return Invalid($"no actors of kind {command.To?.Kind} are served here");
        }

        if (command.CommandId.Length == 0 || command.To.Id.Length == 0)
        {
            return Invalid("a command needs an id and a receiver");
        }

        return command.To.PersistenceId().Length > JournalFormat.MaxPersistenceIdLength
            ? Invalid($"an identity has at most {JournalFormat.MaxPersistenceIdLength} characters with the name of its kind")
            : null;
    }

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
            _logger.LogError("{PersistenceId} could not be loaded at start", address.PersistenceId());
        }
    }

    private void Wake(string persistenceId)
    {
        if (!ActorAddresses.TryParse(persistenceId, out var address) || !_kinds.Knows(address.Kind))
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
        _timers.Set(persistenceId, Clock.NowUs(_time) + (long)_options.RecoveryRetryFirst.TotalMicroseconds);
    }
}
