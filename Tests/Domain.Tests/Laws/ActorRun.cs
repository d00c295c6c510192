using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Laws;

/// <summary>
/// One actor as the runtime would run it, without a runtime: decide, evolve, react, timers from state, time turned by hand.
/// Events pass through their bytes, as they would through a journal.
/// </summary>
public sealed class ActorRun<TState>(ActorKind<TState> kind, string id, long startUs = 1_767_225_600_000_000)
{
    private readonly List<DomainEvent> _events = [];
    private int _commands;
    private uint _unrecorded;

    public ActorKind<TState> Kind => kind;

    public string Id => id;

    public TState State { get; private set; } = kind.Initial(id);

    public long NowUs { get; private set; } = startUs;

    public IReadOnlyList<DomainEvent> Events => _events;

    /// <summary>What every single step did; for invariants between events and effects.</summary>
    public Action<TState, DomainEvent, IReadOnlyList<Effect>>? Observed { get; set; }

    public (Decision Decision, IReadOnlyList<Effect> Effects) Send(Action<Command> fill)
    {
        var command = new Command { CommandId = $"test:{++_commands}", TimeUs = NowUs, CorrelationId = "test" };
        fill(command);
        return Decide(command);
    }

    public (Decision Decision, IReadOnlyList<Effect> Effects) Decide(Command command)
    {
        command.Unrecorded = _unrecorded;
        var decision = kind.Decide(State, command);
        _unrecorded = decision.TellsCount ? 0 : decision.IsCounted ? _unrecorded + 1 : _unrecorded;
        var effects = new List<Effect>();
        foreach (var decided in decision.Events)
        {
            var happened = DomainEvent.Parser.ParseFrom(decided.ToByteArray());
            State = kind.Evolve(State, happened);
            _events.Add(happened);
            var reaction = kind.React(State, happened).ToList();
            effects.AddRange(reaction);
            Observed?.Invoke(State, happened, reaction);
        }

        AssertRefusalIsOnlyAFact(decision, effects);
        return (decision, effects);
    }

    /// <summary>Turns the time; timers that fall due fire in the order of their due times, each at its own time.</summary>
    public IReadOnlyList<Effect> Advance(TimeSpan by)
    {
        var end = NowUs + (by.Ticks / TimeSpan.TicksPerMicrosecond);
        var effects = new List<Effect>();
        while (NextTimer() is { } timer && timer.DueUs <= end)
        {
            NowUs = Math.Max(NowUs, timer.DueUs);
            effects.AddRange(Fire(timer).Effects);
        }

        NowUs = end;
        return effects;
    }

    public ActorTimer? NextTimer() =>
        kind.Timers(State).OrderBy(timer => timer.DueUs).ThenBy(timer => timer.Name, StringComparer.Ordinal).Select(timer => (ActorTimer?)timer).FirstOrDefault();

    public (Decision Decision, IReadOnlyList<Effect> Effects) Fire(ActorTimer timer) =>
        Send(command => command.Timer = new TimerFired { Name = timer.Name, DueUs = timer.DueUs });

    /// <summary>The process died and the actor comes back: evolved again from its bytes, then its Resume effects, commands to itself included.</summary>
    public IReadOnlyList<Effect> Recover()
    {
        State = ActorLaws.Replay(kind, id, _events);
        var effects = new List<Effect>();
        foreach (var effect in kind.Resume(State).ToList())
        {
            effects.Add(effect);
            if (effect.BodyCase == Effect.BodyOneofCase.Command && effect.Command.To.PersistenceId() == Address().PersistenceId())
            {
                effects.AddRange(Send(command => command.MergeFrom(effect.Command)).Effects);
            }
        }

        return effects;
    }

    /// <summary>What goes with a rejection is written down and nothing else: the reply alone tells it, so that a repeat need not look for effects.</summary>
    private static void AssertRefusalIsOnlyAFact(Decision decision, List<Effect> effects)
    {
        if (decision.Rejection is not null)
        {
            Assert.True(effects.Count == 0, $"the rejection {decision.Rejection} has effects: {string.Join(' ', effects)}");
            Assert.False(decision.IsCounted && decision.Events.Count > 0, $"{decision.Rejection} is counted and stored");
        }
    }

    private ActorAddress Address() => new() { Kind = kind.Name, Id = id };
}
