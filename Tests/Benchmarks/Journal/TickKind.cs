using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Benchmarks.Journal;

/// <summary>The cheapest actor that still decides, stores one event per command and answers: what is left is the runtime's cost.</summary>
internal sealed class TickKind : ActorKind<int>
{
    public override ActorKindName Name => ActorKindName.Ue;

    public override int Initial(string id) => 0;

    public override Decision Decide(int state, Command command) => command.Ue.GetUe is not null
        ? Decision.AlreadySo
        : Decision.Accept([new DomainEvent { Ue = new UeEvent { ClientSettingsChanged = new ClientSettingsChanged { ClientId = "a1b2c3d4", ManualAnswer = true } } }]);

    public override int Evolve(int state, DomainEvent happened) => state + 1;

    public override IEnumerable<Effect> React(int state, DomainEvent happened) => [];

    public override IEnumerable<ActorTimer> Timers(int state) => [];

    public override DomainSnapshot Save(int state) =>
        new() { Ue = new UeSnapshot { Profile = new UserProfile { MaxAffiliationsN2 = (uint)state } } };

    public override int Load(string id, DomainSnapshot snapshot) => (int)snapshot.Ue.Profile.MaxAffiliationsN2;
}
