using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The floor control server of a call (TS 24.380 6.3); its id is the call's.</summary>
/// <param name="site">Timers and counters for what a group leaves open; absent or 0: the standard's.</param>
public sealed class FloorKind(FloorRules? site = null) : ActorKind<FloorState>
{
    private readonly FloorRules _site = site ?? new FloorRules();

    public override ActorKindName Name => ActorKindName.Floor;

    public override FloorState Initial(string id) => new FloorState.Unopened(id);

    public override Decision Decide(FloorState state, Command command) => FloorDecider.Decide(state, SiteFloorRules.Apply(command, _site));

    public override FloorState Evolve(FloorState state, DomainEvent happened) => FloorEvolver.Evolve(state, happened);

    public override IEnumerable<Effect> React(FloorState state, DomainEvent happened) => FloorReactor.React(state, happened);

    public override IEnumerable<ActorTimer> Timers(FloorState state) => FloorTimers.Of(state);

    public override IEnumerable<Effect> Resume(FloorState state) => FloorReactor.Resume(state);

    public override bool IsFinished(FloorState state) => state is FloorState.Closed;

    public override DomainSnapshot Save(FloorState state) => new() { Floor = FloorSnapshots.Save(state) };

    public override FloorState Load(string id, DomainSnapshot snapshot) => FloorSnapshots.Load(id, snapshot.Floor);
}
