using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>
/// The state of one actor behind its kind. Events are staged first, evolved and reacted to, and adopted when they are
/// durable: an event on which Evolve or React throws never reaches the journal.
/// </summary>
internal abstract class ActorModel
{
    public abstract Decision Decide(Command command);

    public abstract Staged Stage(IReadOnlyList<DomainEvent> events);

    public abstract void Adopt(Staged staged);

    /// <summary>Recovery: one event of the past. The caller enumerates the effects before the next one, or not at all.</summary>
    public abstract IEnumerable<Effect> Replay(DomainEvent happened);

    /// <summary>The same, for who only looks.</summary>
    public abstract void Evolve(DomainEvent happened);

    public abstract IEnumerable<ActorTimer> Timers();

    public abstract IEnumerable<Effect> Resume();

    public abstract bool IsFinished();

    public abstract NodeRun? LeansOn();

    public abstract Command? TellOf(NodeRun node, NodeFate fate);

    public abstract uint StateVersion { get; }

    public abstract DomainSnapshot Save();

    public abstract void Load(DomainSnapshot snapshot);

    /// <summary>What would be if the events were durable.</summary>
    public abstract class Staged
    {
        /// <summary>Effects of each event.</summary>
        public required IReadOnlyList<Effect[]> Effects { get; init; }

        public required IReadOnlyList<ActorTimer> Timers { get; init; }
    }
}

internal sealed class ActorModel<TState>(ActorKind<TState> kind, string id) : ActorModel
{
    private TState _state = kind.Initial(id);

    public override Decision Decide(Command command) => kind.Decide(_state, command);

    public override Staged Stage(IReadOnlyList<DomainEvent> events)
    {
        var state = _state;
        var effects = new Effect[events.Count][];
        for (var i = 0; i < events.Count; i++)
        {
            state = kind.Evolve(state, events[i]);
            effects[i] = [.. kind.React(state, events[i])];
        }

        return new StagedState { State = state, Effects = effects, Timers = [.. kind.Timers(state)] };
    }

    public override void Adopt(Staged staged) => _state = ((StagedState)staged).State;

    public override void Evolve(DomainEvent happened) => _state = kind.Evolve(_state, happened);

    public override IEnumerable<Effect> Replay(DomainEvent happened)
    {
        Evolve(happened);
        return kind.React(_state, happened);
    }

    public override IEnumerable<ActorTimer> Timers() => kind.Timers(_state);

    public override IEnumerable<Effect> Resume() => kind.Resume(_state);

    public override bool IsFinished() => kind.IsFinished(_state);

    public override NodeRun? LeansOn() => kind.LeansOn(_state);

    public override Command? TellOf(NodeRun node, NodeFate fate) => kind.TellOf(node, fate);

    public override uint StateVersion => kind.StateVersion;

    public override DomainSnapshot Save() => kind.Save(_state);

    public override void Load(DomainSnapshot snapshot) => _state = kind.Load(id, snapshot);

    private sealed class StagedState : Staged
    {
        public required TState State { get; init; }
    }
}
