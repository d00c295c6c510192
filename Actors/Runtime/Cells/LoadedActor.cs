using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Domain;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>
/// One actor in memory, after recovery. Its methods are called one at a time; while one waits for the journal nothing else
/// is decided. Once <see cref="IsStopped"/> it is of no use any more: what it knows may not be what the journal knows.
/// </summary>
internal sealed class LoadedActor(CellServices services, ActorAddress address, string persistenceId, Outbox outbox, LoadedHistory history)
{
    private readonly ActorModel _model = history.Model;
    private readonly RememberedReplies _remembered = history.Remembered;
    private readonly ActorTimers _timers = new(services, address, persistenceId);
    private long _sequenceNumber = history.SequenceNumber;
    private long _snapshotAt = history.SnapshotSequenceNumber;
    private long _lastTimeUs = history.LastTimeUs;
    private byte[] _lastSha256 = history.LastSha256;
    private uint _unrecorded;
    private readonly bool _isArchived = history.IsArchived;
    private readonly LiveRow _live = new(services, persistenceId, history.Live);

    public bool IsStopped { get; private set; }

    /// <summary>Stopped, because the journal holds events of another writer where its own were to be.</summary>
    public bool IsOvertaken { get; private set; }

    public bool IsEmpty => _sequenceNumber == 0;

    public ValueTask<Reply> TakeAsync(Command command, CommandSource source) => Traces.IsOn ? TraceAsync(command, source) : DecideAsync(command, source);

    private async ValueTask<Reply> TraceAsync(Command command, CommandSource source)
    {
        using var span = CommandSpan.Begin(command, persistenceId);
        var reply = await DecideAsync(command, source);
        CommandSpan.End(span, reply);
        return reply;
    }

    private async ValueTask<Reply> DecideAsync(Command command, CommandSource source)
    {
        if (_isArchived)
        {
            return Replies.Archived;
        }

        if (_remembered.TryGet(command.CommandId, out var first))
        {
            services.Metrics.Took(address.Kind, CommandOutcome.Repeated);
            return await RepeatAsync(first.Value);
        }

        if (outbox.Count >= (source == CommandSource.Outside ? services.Options.OutboxLimit : services.Options.OutboxHardLimit))
        {
            return services.Unavailable(UnavailableReason.Overloaded, $"effects of {persistenceId} wait to be taken");
        }

        // Between two commands the outbox is empty most of the time, and only then is a snapshot made.
        if (_sequenceNumber - _snapshotAt >= services.Options.SnapshotEvery)
        {
            TakeSnapshot();
        }

        var began = services.Time.GetTimestamp();
        command = Stamp(command);
        Decision decision;
        ActorModel.Staged? staged;
        try
        {
            decision = _model.Decide(command);
            staged = Stage(command, decision);
        }
        catch (Exception failure)
        {
            return Fault(failure, command);
        }

        services.Metrics.Took(address.Kind, decision.Rejection is null ? CommandOutcome.Accepted : CommandOutcome.Rejected);
        if (decision.IsCounted && _unrecorded < uint.MaxValue)
        {
            _unrecorded++;
        }

        var reply = Replies.Of(decision);
        return staged is null ? reply : await StoreAsync(command, decision, staged, reply, began);
    }

    /// <summary>Fires what is due, each timer once; a timer that the state still wants with the same due time is not fired again.</summary>
    public async ValueTask FireTimersAsync()
    {
        for (var i = 0; i < services.Options.TimersPerTurn && !IsStopped; i++)
        {
            if (!_timers.TryGetDue(_model.Timers(), out var due))
            {
                break;
            }

            var reply = await TakeAsync(_timers.Command(due), CommandSource.Actor);
            if (reply.OutcomeCase == Reply.OutcomeOneofCase.Unavailable)
            {
                _timers.Postpone();
                return;
            }

            services.Metrics.TimerFired();
            _timers.Fired(due);
        }

        ArmTimers();
    }

    public NodeRun? LeansOn() => _model.LeansOn();

    /// <summary>
    /// Tells the actor what becomes of the node on which it leans. The id names the actor's last event: the same may happen to it again, with the same node.
    /// False: it could not be told now.
    /// </summary>
    public async ValueTask<bool> TellOfAsync(NodeRun node, NodeFate fate)
    {
        if (_model.TellOf(node, fate) is not { } command)
        {
            return true;
        }

        command.CommandId = $"node:{persistenceId}:{_sequenceNumber}:{node.Name}:{node.Run}:{fate}";
        command.To = address;
        return (await TakeAsync(command, CommandSource.Actor)).OutcomeCase != Reply.OutcomeOneofCase.Unavailable;
    }

    public void ArmTimers() => _timers.Arm(_model.Timers());

    /// <summary>Effects that tell the world again what it may have lost.</summary>
    public void Resume()
    {
        if (_sequenceNumber == 0)
        {
            return;
        }

        var now = UnixTime.UsOf(services.Time.GetUtcNow());
        var effects = new List<Effect>();
        foreach (var effect in _model.Resume())
        {
            var id = $"{persistenceId}/{_sequenceNumber}/{services.WriterUuid}-{effects.Count}";
            effects.Add(new EffectStamp(id, id, "", now, now).Apply(effect, address.Id));
        }

        // Not at the actor's own sequence number: that would say that everything before it was handed over.
        outbox.Enqueue(outbox.Last, effects);
    }

    /// <summary>Nothing in the world relies on it being in memory; its timers are kept by the node. What it only counted would be forgotten.</summary>
    public bool MayUnload() => _unrecorded == 0 && outbox.Count == 0 && (_model.IsFinished() || !_model.Resume().Any());

    public bool IsFinished() => _sequenceNumber == 0 || _model.IsFinished();

    /// <summary>Writes down lazily how far effects were handed over and whether and when the actor must come back.</summary>
    /// <returns>False: effects are still open, so there will be more to write.</returns>
    public bool NoteLive(bool exact)
    {
        var drained = outbox.Count == 0;
        _live.Note(WantedMark(drained), exact);
        return drained;
    }

    /// <summary>Only when every effect was taken: recovery then never needs an event before a snapshot.</summary>
    public void TakeSnapshot()
    {
        if (_sequenceNumber == _snapshotAt || outbox.Count > 0)
        {
            return;
        }

        try
        {
            var snapshot = new SnapshotContent
            {
                PersistenceId = persistenceId,
                SequenceNumber = _sequenceNumber,
                StateVersion = _model.StateVersion,
                State = _model.Save(),
                HandedOver = _sequenceNumber,
                LastSha256 = UnsafeByteOperations.UnsafeWrap(_lastSha256),
            };
            snapshot.Remembered.AddRange(_remembered.Save());
            services.Post(new SnapshotNote(persistenceId, _sequenceNumber, SnapshotFormat.Write(snapshot), services.Time.GetUtcNow()));
        }
        catch (Exception failure)
        {
            // Supervision: a snapshot is only a shortcut; the actor goes on without it.
            services.Metrics.SnapshotUnusable();
            services.Logger.LogError(failure, "{PersistenceId} could not make a snapshot", persistenceId);
        }

        _snapshotAt = _sequenceNumber;
    }

    /// <summary>Time and correlation, once: a retry keeps them. Time never runs backwards for one actor.</summary>
    private Command Stamp(Command command)
    {
        if (command.CorrelationId.Length == 0)
        {
            command.CorrelationId = command.CommandId;
        }

        if (command.TimeUs == 0)
        {
            command.TimeUs = Math.Max(UnixTime.UsOf(services.Time.GetUtcNow()), _lastTimeUs);
        }

        if (command.TimeUs >= _lastTimeUs && command.Unrecorded == _unrecorded)
        {
            return command;
        }

        var later = command.Clone();
        later.TimeUs = Math.Max(command.TimeUs, _lastTimeUs);
        later.Unrecorded = _unrecorded;
        return later;
    }

    private ActorModel.Staged? Stage(Command command, Decision decision)
    {
        if (decision.Events.Count == 0)
        {
            return null;
        }

        foreach (var happened in decision.Events)
        {
            if (happened.TimeUs == 0)
            {
                happened.TimeUs = command.TimeUs;
            }
        }

        var staged = _model.Stage(decision.Events);
        var now = UnixTime.UsOf(services.Time.GetUtcNow());
        for (var i = 0; i < staged.Effects.Count; i++)
        {
            StampEffects(staged.Effects[i], _sequenceNumber + 1 + i, command.CorrelationId, command.OnBehalfOf, decision.Events[i].TimeUs, now);
        }

        return staged;
    }

    private void StampEffects(Effect[] effects, long sequenceNumber, string correlationId, string onBehalfOf, long timeUs, long nowUs)
    {
        for (var i = 0; i < effects.Length; i++)
        {
            var stamp = new EffectStamp(EffectStamp.Id(persistenceId, sequenceNumber, i), correlationId, onBehalfOf, timeUs, nowUs, Traces.Current);
            effects[i] = stamp.Apply(effects[i], address.Id);
        }
    }

    private async ValueTask<Reply> StoreAsync(Command command, Decision decision, ActorModel.Staged staged, Reply reply, long began)
    {
        var rows = Rows(command, decision.Events, reply, out var lastSha256);
        var live = _live.WithAppend(staged, outbox.HandedOver);
        var span = Traces.IsOn ? Traces.Begin("journal append", ActivityKind.Client) : null;
        var result = await services.Journal.AppendAsync(new JournalAppend(persistenceId, rows, services.Time.GetUtcNow(), services.WriterUuid, live));
        span?.Dispose();
        switch (result.Outcome)
        {
            case AppendOutcome.Written:
                break;
            case AppendOutcome.Overloaded:
                return services.Unavailable(UnavailableReason.Overloaded, result.Detail);
            case AppendOutcome.Occupied:
                IsStopped = IsOvertaken = true;
                services.Logger.LogWarning("{PersistenceId} was written by another node and stops here", persistenceId);
                return services.Unavailable(UnavailableReason.Moved, result.Detail);
            default:
                IsStopped = true;
                return services.Unavailable(UnavailableReason.Journal, result.Detail);
        }

        services.Metrics.Durable(address.Kind, services.Time.GetElapsedTime(began));
        _model.Adopt(staged);
        _unrecorded = decision.TellsCount ? 0 : _unrecorded;
        var first = _sequenceNumber + 1;
        _sequenceNumber += rows.Length;
        _lastSha256 = lastSha256;
        _lastTimeUs = Math.Max(_lastTimeUs, command.TimeUs);
        _live.Written(live);
        _remembered.Add(command.CommandId, reply, first, rows.Length);
        services.Metrics.EventsStored(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            outbox.Enqueue(first + i, staged.Effects[i]);
        }

        _timers.Arm(staged.Timers);
        return reply;
    }

    private JournalRow[] Rows(Command command, IReadOnlyList<DomainEvent> events, Reply reply, out byte[] lastSha256)
    {
        lastSha256 = _lastSha256;
        var rows = new JournalRow[events.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var envelope = new EventEnvelope
            {
                Event = events[i],
                CommandId = command.CommandId,
                CorrelationId = command.CorrelationId,
                OnBehalfOf = command.OnBehalfOf,
                PreviousSha256 = UnsafeByteOperations.UnsafeWrap(lastSha256),
                Index = (uint)i,
                Count = (uint)rows.Length,
                Reply = i == rows.Length - 1 ? reply : null,
            };
            var message = envelope.ToByteArray();
            lastSha256 = SHA256.HashData(message);
            rows[i] = new JournalRow(_sequenceNumber + 1 + i, message, EventTags.Of(address, envelope));
        }

        return rows;
    }

    /// <summary>
    /// The first reply again, and the same effects unless they are still waiting in the outbox. Not those for the media plane: it took
    /// them once and they may be out of date by now; if it forgot, <see cref="Resume"/> told it what holds. A refusal has no effects, so
    /// nobody makes us read a history by asking again.
    /// </summary>
    private async ValueTask<Reply> RepeatAsync(RememberedReplies.Entry first)
    {
        if (first.Reply.OutcomeCase == Reply.OutcomeOneofCase.Rejection || outbox.HandedOver < first.FirstSequenceNumber || outbox.Count >= services.Options.OutboxLimit)
        {
            return first.Reply;
        }

        try
        {
            var reader = new HistoryReader(services, address, persistenceId);
            foreach (var past in await reader.ReadCommandAsync(first.FirstSequenceNumber, first.Count, services.Stopping))
            {
                Enqueue(past, effect => effect.BodyCase != Effect.BodyOneofCase.Media);
            }

            return first.Reply;
        }
        catch (JournalReadException failure)
        {
            return services.Unavailable(UnavailableReason.Journal, failure.Message);
        }
        catch (BadHistoryException failure)
        {
            return services.Unavailable(UnavailableReason.RecoveryFailed, failure.Message);
        }
    }

    /// <summary>
    /// Hands the effects of a past event over (again), with the ids that they had. What was said to participants is of its moment: said
    /// again after a crash it would take the floor from who got it since. <see cref="Resume"/> tells them how things are.
    /// </summary>
    public void Reopen(PastEvent past) => Enqueue(past, effect => effect.Media?.SendFloor is null);

    private void Enqueue(PastEvent past, Func<Effect, bool> wanted)
    {
        Effect[] effects = [.. past.Effects];
        var envelope = past.Envelope;
        StampEffects(
            effects, past.SequenceNumber, envelope.CorrelationId, envelope.OnBehalfOf, envelope.Event.TimeUs, UnixTime.UsOf(services.Time.GetUtcNow()));
        outbox.Enqueue(past.SequenceNumber, [.. effects.Where(wanted)]);
    }

    private LiveMark? WantedMark(bool drained)
    {
        if (!drained || (!_model.IsFinished() && _model.Resume().Any()))
        {
            return new LiveMark(outbox.HandedOver, 0);
        }

        return ActorTimers.Earliest(_model.Timers()) is { } due ? new LiveMark(_sequenceNumber, due) : null;
    }

    private Reply Fault(Exception failure, Command command)
    {
        IsStopped = true;
        services.Metrics.ActorFaulted();
        services.Logger.LogError(failure, "{PersistenceId} failed on {CommandId} (correlation {CorrelationId}) and is stopped; nothing was stored", persistenceId, command.CommandId, command.CorrelationId);
        return services.Unavailable(UnavailableReason.RecoveryFailed, $"{persistenceId} failed: {failure.Message}");
    }
}
