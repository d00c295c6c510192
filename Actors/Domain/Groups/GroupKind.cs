using System.Collections.Immutable;
using Mcptt.Protocol.Messages;
using Absent = Mcptt.Domain.Groups.GroupState.Absent;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

/// <summary>One actor per group identity.</summary>
public sealed class GroupKind : ActorKind<GroupState>
{
    public override ActorKindName Name => ActorKindName.Group;

    public override GroupState Initial(string id) => new Absent(id);

    public override Decision Decide(GroupState state, Command command) => GroupDecider.Decide(state, command);

    public override GroupState Evolve(GroupState state, DomainEvent happened) => GroupEvolver.Evolve(state, happened);

    public override IEnumerable<Effect> React(GroupState state, DomainEvent happened) => GroupReactor.React(state, happened);

    public override IEnumerable<ActorTimer> Timers(GroupState state) => GroupRefusals.Timers(state);

    public override DomainSnapshot Save(GroupState state)
    {
        var snapshot = new GroupSnapshot();
        if (state is Present present)
        {
            snapshot.Document = present.Document;
            snapshot.Call = present.Call;
            snapshot.RefusalsFromUs = present.Refusals.FromUs;
            snapshot.Refused.Add(present.Refusals.ByUser.Select(user => new RefusedUser { McpttId = user.Key, Refusals = user.Value }));
            snapshot.Affiliated.Add(present.Affiliated.Values);
        }

        return new DomainSnapshot { Group = snapshot };
    }

    public override GroupState Load(string id, DomainSnapshot snapshot)
    {
        var saved = snapshot.Group;
        return saved.Document is null
            ? new Absent(id)
            : new Present(id, saved.Document)
            {
                Call = saved.Call,
                Affiliated = saved.Affiliated.ToImmutableSortedDictionary(ClientKey.Of, client => client),
                Refusals = new RefusalWindow(
                    saved.RefusalsFromUs,
                    saved.Refused.ToImmutableSortedDictionary(user => user.McpttId, user => user.Refusals, StringComparer.Ordinal)),
            };
    }
}
