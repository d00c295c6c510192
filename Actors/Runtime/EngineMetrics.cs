using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors;

/// <summary>Counts of the runtime, readable here and published under the meter <see cref="MeterName"/>.</summary>
public sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Actors";

    private static readonly int Reasons = Enum.GetValues<UnavailableReason>().Length;
    private static readonly ActorKindName[] Kinds = Enum.GetValues<ActorKindName>();
    private static readonly CommandOutcome[] Outcomes = Enum.GetValues<CommandOutcome>();

    // As tags: made once, so that a measurement allocates nothing.
    private static readonly string[] KindNames = [.. Kinds.Select(Meters.Tag)];

    private readonly Meter _meter;
    private readonly Histogram<double> _decisions;
    private readonly Histogram<double> _mailboxWaits;
    private readonly Histogram<double> _recoveryTimes;
    private readonly Histogram<int> _mailboxDepths;
    private readonly long[] _unavailable = new long[Reasons];
    private readonly long[] _commands = new long[Kinds.Length * Outcomes.Length];
    private long _events;
    private long _effects;
    private long _effectRetries;
    private long _effectsGivenUp;
    private long _toldRejected;
    private long _timers;
    private long _recoveries;
    private long _recoveryFailures;
    private long _faults;
    private long _unloaded;
    private long _notesLost;
    private long _badSnapshots;

    /// <param name="factory">Null: a meter of no server in particular.</param>
    public EngineMetrics(IMeterFactory? factory = null)
    {
        _meter = Meters.Of(factory, MeterName);
        _decisions = _meter.Duration("mcptt.actors.command.duration", "From the decision of a command until its events were durable; commands without events are not in it [kind]", Meters.LatencySeconds);
        _mailboxWaits = _meter.Duration("mcptt.actors.mailbox.wait", "How long commands waited in their actor's mailbox [kind]", Meters.LatencySeconds);
        _mailboxDepths = _meter.Size("mcptt.actors.mailbox.depth", "{commands}", "Commands in a mailbox each time that one was put in, itself included");
        _recoveryTimes = _meter.Duration("mcptt.actors.recovery.duration", "Time to load an actor from the journal [kind]", Meters.LatencySeconds);
        _meter.CreateObservableCounter("mcptt.actors.commands", Decided, "{commands}", "Commands that reached their actor [kind, outcome]");
        Count("mcptt.actors.events", "Events that were stored", () => Events);
        Count("mcptt.actors.effects", "Effects that were taken", () => Effects);
        Count("mcptt.actors.effect_retries", "Hand-overs that were not taken", () => EffectRetries);
        Count("mcptt.actors.effects_given_up", "Media effects that no media node took in time", () => EffectsGivenUp);
        Count("mcptt.actors.told_rejected", "Commands told by an actor and rejected by another", () => ToldRejected);
        Count("mcptt.actors.timers", "Timers that fired", () => Timers);
        Count("mcptt.actors.recoveries", "Actors that were recovered", () => Recoveries);
        Count("mcptt.actors.recovery_failures", "Recoveries that failed", () => RecoveryFailures);
        Count("mcptt.actors.faults", "Actors stopped by an exception", () => Faults);
        Count("mcptt.actors.unloaded", "Actors that were unloaded", () => Unloaded);
        Count("mcptt.actors.notes_lost", "Snapshots and marks that the journal's queue had no room for", () => NotesLost);
        Count("mcptt.actors.bad_snapshots", "Snapshots that could not be used", () => BadSnapshots);
        _meter.CreateObservableCounter("mcptt.actors.unavailable", NotDecided, "{commands}", "Commands that were not decided [reason]");
    }

    /// <summary>Commands that were decided, whichever way.</summary>
    public long Commands => Sum(CommandOutcome.Accepted) + Sum(CommandOutcome.Rejected);

    public long Rejections => Sum(CommandOutcome.Rejected);

    public long Repeated => Sum(CommandOutcome.Repeated);

    public long Events => Interlocked.Read(ref _events);

    public long Effects => Interlocked.Read(ref _effects);

    public long EffectRetries => Interlocked.Read(ref _effectRetries);

    public long EffectsGivenUp => Interlocked.Read(ref _effectsGivenUp);

    public long ToldRejected => Interlocked.Read(ref _toldRejected);

    public long Timers => Interlocked.Read(ref _timers);

    public long Recoveries => Interlocked.Read(ref _recoveries);

    public long RecoveryFailures => Interlocked.Read(ref _recoveryFailures);

    public long Faults => Interlocked.Read(ref _faults);

    public long Unloaded => Interlocked.Read(ref _unloaded);

    public long NotesLost => Interlocked.Read(ref _notesLost);

    public long BadSnapshots => Interlocked.Read(ref _badSnapshots);

    public long Unavailable(UnavailableReason reason) => Interlocked.Read(ref _unavailable[(int)reason]);

    public void Dispose() => _meter.Dispose();

    internal void Loaded(Func<int> read) => _meter.CreateObservableGauge("mcptt.actors.loaded", read, "{actors}", "Actors in memory");

    internal void Took(ActorKindName kind, CommandOutcome outcome) => Interlocked.Increment(ref _commands[Place(kind, outcome)]);

    internal void Durable(ActorKindName kind, TimeSpan taken) => _decisions.Record(taken.TotalSeconds, OfKind(kind));

    internal void Waited(ActorKindName kind, TimeSpan waited) => _mailboxWaits.Record(waited.TotalSeconds, OfKind(kind));

    internal void Queued(int depth) => _mailboxDepths.Record(depth);

    internal void EventsStored(int count) => Interlocked.Add(ref _events, count);

    internal void EffectTaken() => Interlocked.Increment(ref _effects);

    internal void EffectNotTaken() => Interlocked.Increment(ref _effectRetries);

    internal void EffectGivenUp() => Interlocked.Increment(ref _effectsGivenUp);

    internal void ToldCommandRejected() => Interlocked.Increment(ref _toldRejected);

    internal void TimerFired() => Interlocked.Increment(ref _timers);

    internal void ActorRecovered(ActorKindName kind, TimeSpan taken)
    {
        Interlocked.Increment(ref _recoveries);
        _recoveryTimes.Record(taken.TotalSeconds, OfKind(kind));
    }

    internal void RecoveryFailed() => Interlocked.Increment(ref _recoveryFailures);

    internal void ActorFaulted() => Interlocked.Increment(ref _faults);

    internal void ActorUnloaded() => Interlocked.Increment(ref _unloaded);

    internal void NoteLost() => Interlocked.Increment(ref _notesLost);

    internal void SnapshotUnusable() => Interlocked.Increment(ref _badSnapshots);

    internal void CommandUnavailable(UnavailableReason reason) => Interlocked.Increment(ref _unavailable[(int)reason]);

    private static int Place(ActorKindName kind, CommandOutcome outcome) => ((int)kind * Outcomes.Length) + (int)outcome;

    private static KeyValuePair<string, object?> OfKind(ActorKindName kind) => new("kind", KindNames[(int)kind]);

    private long Sum(CommandOutcome outcome) => Kinds.Sum(kind => Interlocked.Read(ref _commands[Place(kind, outcome)]));

    private IEnumerable<Measurement<long>> Decided() =>
        from kind in Kinds
        where kind != ActorKindName.Unspecified
        from outcome in Outcomes
        select new Measurement<long>(Interlocked.Read(ref _commands[Place(kind, outcome)]), OfKind(kind), new("outcome", Meters.Tag(outcome)));

    private IEnumerable<Measurement<long>> NotDecided() =>
        from reason in Enum.GetValues<UnavailableReason>()
        where reason != UnavailableReason.Unspecified
        select new Measurement<long>(Unavailable(reason), new KeyValuePair<string, object?>("reason", Meters.Tag(reason)));

    private void Count(string name, string what, Func<long> read) => _meter.CreateObservableCounter(name, read, null, what);
}
