using System.Diagnostics.Metrics;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors;

/// <summary>Counts of the runtime, readable here and published under the meter <see cref="MeterName"/>.</summary>
public sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Actors";

    private static readonly int Reasons = Enum.GetValues<UnavailableReason>().Length;

    private readonly Meter _meter = new(MeterName);
    private readonly long[] _unavailable = new long[Reasons];
    private long _commands;
    private long _rejections;
    private long _repeated;
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

    public EngineMetrics()
    {
        Count("mcptt.actors.commands", "Commands that were decided", () => Commands);
        Count("mcptt.actors.rejections", "Commands that were rejected", () => Rejections);
        Count("mcptt.actors.repeated", "Commands that were repeated and wrote nothing", () => Repeated);
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
        foreach (var reason in Enum.GetValues<UnavailableReason>())
        {
            var tag = new KeyValuePair<string, object?>("reason", reason.ToString());
            _meter.CreateObservableCounter("mcptt.actors.unavailable", () => new Measurement<long>(Unavailable(reason), tag), null, "Commands that were not decided");
        }
    }

    public long Commands => Interlocked.Read(ref _commands);

    public long Rejections => Interlocked.Read(ref _rejections);

    public long Repeated => Interlocked.Read(ref _repeated);

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

    internal void CommandDecided() => Interlocked.Increment(ref _commands);

    internal void CommandRejected() => Interlocked.Increment(ref _rejections);

    internal void CommandRepeated() => Interlocked.Increment(ref _repeated);

    internal void EventsStored(int count) => Interlocked.Add(ref _events, count);

    internal void EffectTaken() => Interlocked.Increment(ref _effects);

    internal void EffectNotTaken() => Interlocked.Increment(ref _effectRetries);

    internal void EffectGivenUp() => Interlocked.Increment(ref _effectsGivenUp);

    internal void ToldCommandRejected() => Interlocked.Increment(ref _toldRejected);

    internal void TimerFired() => Interlocked.Increment(ref _timers);

    internal void ActorRecovered() => Interlocked.Increment(ref _recoveries);

    internal void RecoveryFailed() => Interlocked.Increment(ref _recoveryFailures);

    internal void ActorFaulted() => Interlocked.Increment(ref _faults);

    internal void ActorUnloaded() => Interlocked.Increment(ref _unloaded);

    internal void NoteLost() => Interlocked.Increment(ref _notesLost);

    internal void SnapshotUnusable() => Interlocked.Increment(ref _badSnapshots);

    internal void CommandUnavailable(UnavailableReason reason) => Interlocked.Increment(ref _unavailable[(int)reason]);

    private void Count(string name, string what, Func<long> read) => _meter.CreateObservableCounter(name, read, null, what);
}
