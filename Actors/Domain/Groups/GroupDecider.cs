using Mcptt.Protocol.Messages;
using Absent = Mcptt.Domain.Groups.GroupState.Absent;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

internal static class GroupDecider
{
    public static Decision Decide(GroupState state, Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Group => OfGroup(state, command, command.Group),
            Command.BodyOneofCase.Timer => GroupRefusals.Fired(state, command),
            _ => Decision.Reject(RejectionCode.InvalidRequest, $"a group takes no {command.BodyCase} command"),
        };

    public static DomainEvent Happened(Command command, GroupEvent happened) => new() { TimeUs = command.TimeUs, Group = happened };

    public static Decision GroupUnknown(GroupState state) => Decision.Reject(RejectionCode.GroupUnknown, $"no group {state.Id}");

    private static Decision OfGroup(GroupState state, Command command, GroupCommand group) =>
        (group.BodyCase, state) switch
        {
            (GroupCommand.BodyOneofCase.PutGroup, _) => Put(state, command, group.PutGroup.Document),
            (GroupCommand.BodyOneofCase.RemoveGroup, Present present) => Remove(present, command),
            (GroupCommand.BodyOneofCase.Affiliate, _) => GroupAffiliations.Affiliate(state, command, group.Affiliate.Client),
            (GroupCommand.BodyOneofCase.Deaffiliate, _) => GroupAffiliations.Deaffiliate(state, command, group.Deaffiliate),
            (GroupCommand.BodyOneofCase.RouteGroupCall, _) => GroupCalls.Route(state, command, group.RouteGroupCall),
            (GroupCommand.BodyOneofCase.CallEnded, Present present) => CallEnded(present, command, group.CallEnded.Call),
            (GroupCommand.BodyOneofCase.CallEnded, Absent) => Decision.AlreadySo,
            (GroupCommand.BodyOneofCase.GetGroup, Present present) => Decision.Answer(new Accepted { Group = View(present) }),
            (GroupCommand.BodyOneofCase.None, _) => Decision.Reject(RejectionCode.InvalidRequest, "an empty command to a group"),
            _ => GroupUnknown(state),
        };

    private static Decision Put(GroupState state, Command command, GroupDocument? document)
    {
        if (GroupDocuments.WhyInvalid(document, state.Id) is { } reason)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, reason);
        }

        var before = state as Present;
        if (document!.Equals(before?.Document)) // Not null: it is valid.
        {
            return Decision.AlreadySo;
        }

        // Not served: the members' wish is refused meanwhile, so it is asked for anew when the group comes back.
        var wasServed = before is { Document.Disabled: false };
        var had = wasServed ? Implicit(before!.Document) : [];
        var has = Implicit(document);
        var put = new GroupDocumentPut { Document = document, ReleasesCall = wasServed && document.Disabled && before!.Call.Length > 0 };
        put.ImplicitAdded.Add(document.Disabled ? has.Except(Implicit(before?.Document)) : has.Except(had));
        put.ImplicitRemoved.Add(Implicit(before?.Document).Except(has));
        var events = new List<DomainEvent> { Happened(command, new GroupEvent { DocumentPut = put }) };
        if (before is not null)
        {
            var members = Present.ByMcpttId(document);
            events.AddRange(before.Affiliated.Keys
                .Where(client => !members.ContainsKey(client.McpttId))
                .Select(client => GroupAffiliations.Deaffiliated(command, client, RejectionCode.NotAMember)));
        }

        return Decision.Accept(events);
    }

    private static Decision Remove(Present present, Command command)
    {
        var events = present.Affiliated.Keys.Select(client => GroupAffiliations.Deaffiliated(command, client, RejectionCode.GroupUnknown)).ToList();
        var removed = new GroupDocumentRemoved { ReleasedCall = present.Call };
        removed.ImplicitRemoved.Add(Implicit(present.Document));
        events.Add(Happened(command, new GroupEvent { DocumentRemoved = removed }));
        return Decision.Accept(events);
    }

    private static Decision CallEnded(Present present, Command command, string call) =>
        present.Call == call
            ? Decision.Accept([Happened(command, new GroupEvent { CallCleared = new GroupCallCleared { Call = call } })])
            : Decision.AlreadySo;

    private static List<string> Implicit(GroupDocument? document) =>
        document is null ? [] : [.. document.Members.Where(member => member.ImplicitAffiliation).Select(member => member.McpttId)];

    private static GroupView View(Present present)
    {
        var view = new GroupView { Document = present.Document, Call = present.Call };
        view.Affiliated.Add(present.Affiliated.Values);
        return view;
    }
}
