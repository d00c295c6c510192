using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>One actor per call: its participants, their SIP dialogs, where its media is, and when it ends.</summary>
public sealed class CallKind : ActorKind<CallState>
{
    public override ActorKindName Name => ActorKindName.Call;

    /// <summary>2: legs that have not followed their media session (SavedLeg.behind).</summary>
    public override uint StateVersion => 2;

    public override CallState Initial(string id) => new CallState.NotStarted(new CallCore(id));

    public override Decision Decide(CallState state, Command command) => CallDecider.Decide(state, command);

    public override CallState Evolve(CallState state, DomainEvent happened) => CallEvolver.Evolve(state, happened);

    public override IEnumerable<Effect> React(CallState state, DomainEvent happened) => CallReactor.React(state, happened);

    public override IEnumerable<ActorTimer> Timers(CallState state) => CallTimers.Of(state);

    public override IEnumerable<Effect> Resume(CallState state) => CallReactor.Resume(state);

    public override NodeRun? LeansOn(CallState state) =>
        state is CallState.InSession { IsMediaLost: false } session ? new NodeRun(session.Placement.MediaNode, session.Placement.Run) : null;

    public override Command TellOf(NodeRun node, NodeFate fate) =>
        new()
        {
            Call = fate == NodeFate.Lost
                ? new CallCommand { MediaNodeLost = new MediaNodeLost { MediaNode = node.Name, Run = node.Run } }
                : new CallCommand { MediaNodeDraining = new MediaNodeDraining { MediaNode = node.Name, Run = node.Run } },
        };

    /// <summary>Ended, and nobody's last word is awaited.</summary>
    public override bool IsFinished(CallState state) => state is CallState.Ended { Core.Legs.IsEmpty: true };

    public override DomainSnapshot Save(CallState state) => new() { Call = CallSnapshots.Save(state) };

    public override CallState Load(string id, DomainSnapshot snapshot) => CallSnapshots.Load(id, snapshot.Call);
}
