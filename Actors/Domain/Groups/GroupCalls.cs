using Mcptt.Domain.Calls;
using Mcptt.Protocol.Messages;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

/// <summary>Who may call or join, and which call an INVITE belongs to (TS 24.379 10.1.1.4.2; facts 4.7, 4.8).</summary>
internal static class GroupCalls
{
    public static Decision Route(GroupState state, Command command, RouteGroupCall route)
    {
        if (route.Invite?.Request is null)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "a group call without an INVITE");
        }

        // A call that had ended handed the INVITE back: nobody waits for a reply any more, so even a refusal is an event.
        var bounced = route.BouncedCall.Length > 0;
        var current = bounced && state is Present present && present.Call == route.BouncedCall ? present with { Call = "" } : state;
        if (WhyNot(current, route.Invite) is { } rejection)
        {
            return bounced
                ? Decision.Accept([.. Cleared(state, current, command, route), Refused(command, route, rejection)])
                : GroupRefusals.Refuse(state, command, route.Invite, rejection);
        }

        var group = (Present)current;
        var newCall = route.NewCallId.Length > 0 ? route.NewCallId : DerivedIds.Call(command.CommandId);
        var joined = group.Call.Length > 0;
        var events = Cleared(state, current, command, route);
        events.AddRange(AffiliatedByInvite(group, command, route.Invite));
        events.Add(joined ? Joined(command, group.Call, route.Invite) : Started(command, newCall, route.Invite));
        return Decision.Accept(events, new Accepted { GroupCall = new GroupCallRouted { Call = joined ? group.Call : newCall, Joined = joined } });
    }

    /// <summary>The address of a client that is known by its INVITE alone.</summary>
    public static ClientContact ContactOf(IncomingInvite invite) =>
        new()
        {
            McpttId = invite.McpttId,
            ClientId = invite.ClientId,
            ContactUri = invite.ContactUri,
            Flow = invite.Request.Flow,
            McpttClient = invite.Request.McpttClient,
        };

    private static Rejection? WhyNot(GroupState state, IncomingInvite invite)
    {
        if (state is not Present group)
        {
            return Why(RejectionCode.GroupUnknown, $"no group {state.Id}");
        }

        if (group.Document.Disabled)
        {
            return Why(RejectionCode.GroupDisabled, $"group {group.Id} is disabled");
        }

        return group.Members.TryGetValue(invite.McpttId, out var member)
            ? WhyNotType(group, invite) ?? WhyNotMember(group, member, invite) ?? WhyNotCondition(member, invite)
            : Why(RejectionCode.NotAMember, $"{invite.McpttId} is not a member of {group.Id}");
    }

    // Some clients call a group with session-type private: the target decides (peers.md), only prearranged and chat can be mixed up.
    private static Rejection? WhyNotType(Present group, IncomingInvite invite) =>
        (group.Document.SessionType, invite.SessionType) switch
        {
            (SessionType.Prearranged, SessionType.Chat) => Why(RejectionCode.GroupIsPrearranged, $"group {group.Id} is prearranged"),
            (SessionType.Chat, SessionType.Prearranged) => Why(RejectionCode.GroupIsChat, $"group {group.Id} is chat"),
            (SessionType.Chat, _) => Why(RejectionCode.SessionTypeUnsupported, "chat group calls are not served"),
            _ => null,
        };

    private static Rejection? WhyNotMember(Present group, GroupMember member, IncomingInvite invite)
    {
        if (group.Call.Length == 0 && member.MayNotInitiate)
        {
            return Why(RejectionCode.MayNotInitiate, $"{member.McpttId} may not initiate calls of {group.Id}");
        }

        if (group.Call.Length > 0 && member.MayNotJoin)
        {
            return Why(RejectionCode.MayNotJoin, $"{member.McpttId} may not join calls of {group.Id}");
        }

        return invite.Request.McpttClient && !group.Affiliated.ContainsKey(new ClientKey(invite.McpttId, invite.ClientId))
            ? Why(RejectionCode.NotAffiliated, $"{invite.McpttId} with client {invite.ClientId} is not affiliated to {group.Id}")
            : null;
    }

    // TS 24.379 10.1.1.4.2: an emergency or imminent peril by who may not declare it is no call at all.
    private static Rejection? WhyNotCondition(GroupMember member, IncomingInvite invite) =>
        CallConditions.WhyNot(default, member.Rights, CallConditions.Declared(invite.Emergency), CallConditions.Declared(invite.ImminentPeril));

    private static Rejection Why(RejectionCode code, string detail) => new() { Code = code, Detail = detail };

    // A plain phone cannot PUBLISH: its call says that it wants to be there.
    private static IEnumerable<DomainEvent> AffiliatedByInvite(Present group, Command command, IncomingInvite invite)
    {
        if (!group.Affiliated.ContainsKey(new ClientKey(invite.McpttId, invite.ClientId)))
        {
            yield return GroupAffiliations.Affiliated(command, ContactOf(invite), byInvite: true, isKnown: false);
        }
    }

    private static List<DomainEvent> Cleared(GroupState state, GroupState current, Command command, RouteGroupCall route) =>
        ReferenceEquals(state, current)
            ? []
            : [GroupDecider.Happened(command, new GroupEvent { CallCleared = new GroupCallCleared { Call = route.BouncedCall } })];

    private static DomainEvent Started(Command command, string call, IncomingInvite invite) =>
        GroupDecider.Happened(command, new GroupEvent { CallStarted = new GroupCallStarted { Call = call, Invite = invite } });

    private static DomainEvent Joined(Command command, string call, IncomingInvite invite) =>
        GroupDecider.Happened(command, new GroupEvent { CallJoined = new GroupCallJoined { Call = call, Invite = invite } });

    private static DomainEvent Refused(Command command, RouteGroupCall route, Rejection rejection) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            CallRefused = new GroupCallRefused
            {
                Request = route.Invite.Request,
                LocalTag = DerivedIds.Tag(command.CommandId),
                Rejection = rejection,
                McpttId = route.Invite.McpttId,
                ClientId = route.Invite.ClientId,
                Call = route.BouncedCall,
            },
        });
}
