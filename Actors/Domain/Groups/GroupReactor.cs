using Mcptt.Protocol.Messages;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

internal static class GroupReactor
{
    public static IEnumerable<Effect> React(GroupState state, DomainEvent happened) =>
        happened.Group.BodyCase switch
        {
            GroupEvent.BodyOneofCase.DocumentPut => DocumentPut((Present)state, happened.Group.DocumentPut),
            GroupEvent.BodyOneofCase.DocumentRemoved => DocumentRemoved(state, happened.Group.DocumentRemoved),
            GroupEvent.BodyOneofCase.ClientAffiliated => Affiliated((Present)state, happened.Group.ClientAffiliated),
            GroupEvent.BodyOneofCase.ClientDeaffiliated => Deaffiliated((Present)state, happened.Group.ClientDeaffiliated),
            GroupEvent.BodyOneofCase.AffiliationRefused => [Refused(state, happened.Group.AffiliationRefused)],
            GroupEvent.BodyOneofCase.CallStarted => [Start((Present)state, happened.Group.CallStarted)],
            GroupEvent.BodyOneofCase.CallJoined => [Join((Present)state, happened.Group.CallJoined)],
            GroupEvent.BodyOneofCase.CallRefused => [Refuse(happened.Group.CallRefused)],
            _ => [],
        };

    private static IEnumerable<Effect> DocumentPut(Present state, GroupDocumentPut put)
    {
        var effects = put.ImplicitRemoved.Select(member => SetImplicit(state, member, isImplicit: false))
            .Concat(put.ImplicitAdded.Select(member => SetImplicit(state, member, isImplicit: true)));
        return put.ReleasesCall ? effects.Append(Release(state.Call, "group disabled")) : effects;
    }

    private static IEnumerable<Effect> DocumentRemoved(GroupState state, GroupDocumentRemoved removed)
    {
        var effects = removed.ImplicitRemoved.Select(member => SetImplicit(state, member, isImplicit: false));
        return removed.ReleasedCall.Length > 0 ? effects.Append(Release(removed.ReleasedCall, "group removed")) : effects;
    }

    private static IEnumerable<Effect> Affiliated(Present state, GroupClientAffiliated affiliated)
    {
        var client = affiliated.Client;
        yield return Outcome(new AffiliationOutcome { GroupId = state.Id, ClientId = client.ClientId, Affiliated = true }, client.McpttId);

        // Late entry (TS 24.379 10.1.1.4.6). Who comes by INVITE joins by it.
        if (state.Call.Length > 0 && !affiliated.ByInvite && !affiliated.Known)
        {
            yield return ToCall(state.Call, new CallCommand { InviteClient = new InviteClient { Member = Member(state, client) } });
        }
    }

    private static IEnumerable<Effect> Deaffiliated(Present state, GroupClientDeaffiliated left)
    {
        yield return Outcome(new AffiliationOutcome { GroupId = state.Id, ClientId = left.ClientId, Reason = left.Reason }, left.McpttId);
        if (state.Call.Length > 0 && !left.KeepInCall)
        {
            yield return ToCall(state.Call, new CallCommand { RemoveClient = new RemoveClient { McpttId = left.McpttId, ClientId = left.ClientId } });
        }
    }

    private static Effect Refused(GroupState state, GroupAffiliationRefused refused) =>
        Outcome(new AffiliationOutcome { GroupId = state.Id, ClientId = refused.ClientId, Reason = refused.Reason }, refused.McpttId);

    private static Effect Start(Present state, GroupCallStarted started)
    {
        var originator = Member(state, started.Invite);
        var initiate = new InitiateCall { Rules = CallRulesOf(state.Document), Invite = started.Invite, Originator = originator };
        initiate.Members.Add(state.Affiliated
            .Where(pair => pair.Key != ClientKey.Of(originator.Client))
            .Select(pair => Member(state, pair.Value)));
        return ToCall(started.Call, new CallCommand { Initiate = initiate });
    }

    private static Effect Join(Present state, GroupCallJoined joined) =>
        ToCall(joined.Call, new CallCommand { Join = new JoinCall { Invite = joined.Invite, Member = Member(state, joined.Invite) } });

    private static Effect Refuse(GroupCallRefused refused) =>
        new()
        {
            Sip = new SipEffect
            {
                Refuse = new RefuseInvite { Request = refused.Request, LocalTag = refused.LocalTag, Rejection = refused.Rejection },
            },
        };

    // The address that it registered, else the one that its INVITE shows.
    private static CallMember Member(Present state, IncomingInvite invite) =>
        Member(state, state.Affiliated.GetValueOrDefault(new ClientKey(invite.McpttId, invite.ClientId)) ?? GroupCalls.ContactOf(invite));

    private static CallMember Member(Present state, ClientContact client)
    {
        var member = state.Members[client.McpttId];
        return new CallMember
        {
            Client = client,
            UserPriority = member.UserPriority,
            ReceiveOnly = member.ReceiveOnly,
            Required = member.Required,
            MultiTalkerAllowed = member.MultiTalkerAllowed,
            Rights = member.Rights,
        };
    }

    private static CallRules CallRulesOf(GroupDocument document)
    {
        var rules = new CallRules
        {
            GroupId = document.GroupId,
            SessionType = document.SessionType,
            MaxParticipants = document.MaxParticipants,
            HangTimerMs = document.HangTimerMs,
            MaxDurationMs = document.MaxDurationMs,
            AcknowledgementTimeoutMs = document.AcknowledgementTimeoutMs,
            ProceedWithoutRequired = document.ProceedWithoutRequired,
            MinimumToStart = document.MinimumToStart,
            TalkLimitMs = document.TalkLimitMs,
            QueueDepth = document.QueueDepth,
            PriorityLevels = document.PriorityLevels,
            AudioCutIn = document.AudioCutIn,
            Broadcast = document.Broadcast,
            DualFloor = document.DualFloor,
            MaxTalkers = document.MaxTalkers,
            Recorded = document.Recorded,
            Temporary = document.Temporary,
            EmergencyTimeLimitMs = document.EmergencyTimeLimitMs,
            AcknowledgeFloor = document.AcknowledgeFloor,
        };
        rules.Codecs.Add(document.Codecs);
        return rules;
    }

    private static Effect SetImplicit(GroupState state, string member, bool isImplicit) =>
        ToUe(member, new UeCommand { SetImplicitAffiliation = new SetImplicitAffiliation { GroupId = state.Id, Implicit = isImplicit } });

    private static Effect Outcome(AffiliationOutcome outcome, string mcpttId) => ToUe(mcpttId, new UeCommand { AffiliationOutcome = outcome });

    private static Effect Release(string call, string reason) => ToCall(call, new CallCommand { Release = new ReleaseCall { Reason = reason } });

    private static Effect ToUe(string mcpttId, UeCommand command) => new() { Command = new Command { To = ActorAddresses.Ue(mcpttId), Ue = command } };

    private static Effect ToCall(string call, CallCommand command) => new() { Command = new Command { To = ActorAddresses.Call(call), Call = command } };
}
