using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>
/// One kind of actor as four pure functions and its timers. Nothing here reads a clock, does I/O or knows an engine;
/// time and new ids arrive in the command. Messages are treated as frozen: nobody assigns to one after its initializer.
/// </summary>
public abstract class ActorKind<TState>
{
    public abstract ActorKindName Name { get; }

    public abstract TState Initial(string id);

    /// <summary>A rejection, or the events that follow; no events means "already so", or a query.</summary>
    public abstract Decision Decide(TState state, Command command);

    /// <summary>Total over known events; throws on an unknown one and on an impossible pair, so that replay equals history or stops.</summary>
    public abstract TState Evolve(TState state, DomainEvent happened);

    /// <summary>What the world must see because of this event. State is the one after the event.</summary>
    public abstract IEnumerable<Effect> React(TState state, DomainEvent happened);

    /// <summary>Which timers must be running in this state: they come back by themselves after recovery.</summary>
    public abstract IEnumerable<ActorTimer> Timers(TState state);

    /// <summary>What the world must be told again after recovery, because what it knew may be lost (media, floor). Idempotent.</summary>
    public virtual IEnumerable<Effect> Resume(TState state) => [];

    /// <summary>
    /// The node that holds something in memory for the actor. While there is one, <see cref="Resume"/> is not empty, so that the actor is in memory
    /// and hears of the node's end at once.
    /// </summary>
    public virtual NodeRun? LeansOn(TState state) => null;

    /// <summary>What the actor is told of that node, once; the runtime gives it id, receiver and time.</summary>
    public virtual Command? TellOf(NodeRun node, NodeFate fate) => null;

    /// <summary>True when the actor has come to its end and may be unloaded at once; it still answers when called again.</summary>
    public virtual bool IsFinished(TState state) => false;

    /// <summary>
    /// Raised when <see cref="Save"/> holds something that earlier snapshots lack although earlier events have it: a snapshot of another
    /// version is passed over, and the state comes from the events.
    /// </summary>
    public virtual uint StateVersion => 1;

    public abstract DomainSnapshot Save(TState state);

    public abstract TState Load(string id, DomainSnapshot snapshot);
}

/// <summary>A timer is its name; a changed due time replaces it. Firing sends <see cref="TimerFired"/> to the actor.</summary>
public readonly record struct ActorTimer(string Name, long DueUs);
