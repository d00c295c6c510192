using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>How clients come into a call: by their INVITE or by ours.</summary>
internal static class CallJoins
{
    /// <summary>Warning 123: session already exists (TS 24.379 10.1.1.4.2).</summary>
    public const uint SessionExists = 123;

    public static Decision Join(CallState state, Command command, JoinCall join)
    {
        if (join.Invite?.Request is null || join.Member?.Client is null)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "a join without INVITE or member");
        }

        var draft = new CallDraft(state, command);
        if (RefuseEarly(draft, join.Invite))
        {
            return draft.Done();
        }

        if (state is not CallState.Started)
        {
            draft.Add(new CallEvent
            {
                JoinBounced = new JoinBounced { Invite = join.Invite, GroupId = join.Invite.Target, NewCallId = DerivedIds.Call(command.CommandId) },
            });
            return draft.Done();
        }

        ReplaceClient(draft, join.Member.Client);
        Receive(draft, join);
        CallSetup.CheckGathered(draft);
        return draft.Done();
    }

    public static Decision InviteClient(CallState state, Command command, CallMember? member)
    {
        if (member?.Client is null)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "a late entry without a member");
        }

        var draft = new CallDraft(state, command);
        var isThere = Comes(draft, member.Client);
        if (state is CallState.Opening opening && !isThere && !opening.Members.Any(known => IsSame(known.Client, member.Client)))
        {
            draft.Add(new CallEvent { MemberAdded = new MemberAdded { Member = member } });
        }

        if (state is CallState.InSession && !isThere && !IsFull(draft))
        {
            Invite(draft, [member]);
        }

        return draft.Done();
    }

    /// <summary>An INVITE that is refused whatever the call's state; true when it was.</summary>
    public static bool RefuseEarly(CallDraft draft, IncomingInvite invite)
    {
        if (draft.Core.Cancels.Any(cancel => cancel.SipCallId == invite.Request.CallId && cancel.Cseq == invite.Request.Cseq))
        {
            draft.Refuse(0, invite, RejectionCode.RequestTerminated, "cancelled");
            return true;
        }

        if (SessionTimers.IsTooSmall(invite.SessionExpiresS))
        {
            draft.Refuse(
                0, invite, RejectionCode.SessionIntervalTooSmall, $"Session-Expires {invite.SessionExpiresS}", CallDefaults.MinSessionIntervalSeconds);
            return true;
        }

        return false;
    }

    /// <summary>INVITEs to members, as many as the call may have besides the originator.</summary>
    public static void Invite(CallDraft draft, IReadOnlyCollection<CallMember> members)
    {
        var places = Math.Max(0, MaxParticipants(draft) - draft.Participants.Count() - draft.Waiting.Count() - draft.Invited.Count());
        var session = draft.Session;
        var calling = draft.Core.Legs.GetValueOrDefault(1u)?.Member.Client.McpttId ?? "";
        var invited = new MembersInvited();
        var leg = draft.Core.NextLeg;
        foreach (var member in members.Where(member => !Comes(draft, member.Client)).Take(places))
        {
            invited.Invitations.Add(Invitation(session, member, leg++, calling));
        }

        if (invited.Invitations.Count > 0)
        {
            draft.Add(new CallEvent { MembersInvited = invited });
        }
    }

    /// <summary>The 200 to an INVITE, or 488.</summary>
    public static void Accept(CallDraft draft, CallLeg.Waiting waiting, bool createsSession, uint warning)
    {
        var session = draft.Session;
        var invite = waiting.Invite;
        var floor = FloorTerms.Of(session.Rules, waiting.Member, createsSession);
        var terms = new NegotiationTerms(session.Audio, session.Placement, floor, MediaNegotiation.OriginId(draft.Core.Id, waiting.Number));
        if (!MediaNegotiation.TryAnswer(invite.SdpOffer, terms, out var answer, out var reason))
        {
            draft.Refuse(waiting.Number, invite, RejectionCode.NoCommonCodec, reason);
            return;
        }

        CallConditions.Change(draft, waiting.Number, CallConditions.After(draft.Core.Condition, invite));
        var tag = CallIdentity.Tag(draft.Core.Id, waiting.Number);
        draft.Add(new CallEvent
        {
            InviteAccepted = new InviteAccepted
            {
                Leg = waiting.Number,

                // CSeq 1 of a call's dialog is always the INVITE to a member, so that a late answer to that is told from any other.
                Dialog = Dialogs.ByPeer(invite.Request, tag, invite.ContactUri, invite.RouteSet, null).Next(),
                LocalTag = tag,
                SdpAnswer = answer.Sdp,
                Media = answer.Media,
                Timer = SessionTimers.Answer(invite.SupportsTimer, invite.SessionExpiresS, invite.Refresher, invite.MinSeS),
                Warning = warning,
                Request = invite.Request,
                Emergency = draft.Core.Condition.Emergency,
                ImminentPeril = draft.Core.Condition.ImminentPeril,
            },
        });
    }

    public static bool IsFull(CallDraft draft) => draft.Participants.Count() + draft.Waiting.Count() >= MaxParticipants(draft);

    private static int MaxParticipants(CallDraft draft)
    {
        var limit = ((CallState.Started)draft.State).Rules.MaxParticipants;
        return (int)Math.Min(limit == 0 ? CallDefaults.MaxParticipants : limit, CallDefaults.MaxParticipants);
    }

    private static MemberInvitation Invitation(CallState.InSession session, CallMember member, uint leg, string calling)
    {
        var floor = FloorTerms.Of(session.Rules, member, mayAskImplicitly: false);
        var terms = new NegotiationTerms(session.Audio, session.Placement, floor, MediaNegotiation.OriginId(session.Id, leg));
        return new MemberInvitation
        {
            Leg = leg,
            Member = member,
            SipCallId = CallIdentity.SipCallId(session.Id, leg),
            Local = CallIdentity.Local(session.Rules.GroupId, session.Id, leg),
            LocalTag = CallIdentity.Tag(session.Id, leg),
            CallingUserId = calling,
            SdpOffer = MediaNegotiation.Offer(terms, member.Client.McpttClient),
            SessionExpiresS = CallDefaults.SessionIntervalSeconds,
            GroupId = session.Rules.GroupId,
            SessionType = session.Rules.SessionType,
            Emergency = session.Core.Condition.Emergency,
            ImminentPeril = session.Core.Condition.ImminentPeril,
        };
    }

    private static void Receive(CallDraft draft, JoinCall join)
    {
        if (IsFull(draft))
        {
            draft.Refuse(0, join.Invite, RejectionCode.TooManyParticipants, $"{MaxParticipants(draft)} participants");
            return;
        }

        var leg = draft.Core.NextLeg;
        draft.Add(new CallEvent { JoinReceived = new JoinReceived { Leg = leg, Invite = join.Invite, Member = join.Member } });

        // Without a media session there is nothing to answer with: it is answered together with the originator.
        if (draft.State is CallState.InSession)
        {
            Accept(draft, (CallLeg.Waiting)draft.Core.Legs[leg], createsSession: false, SessionExists);
            CallRelease.ReleaseIfAlone(draft);
        }
    }

    // A client has one leg: its new INVITE says that it knows nothing of the old one, or that both sides called at once.
    private static void ReplaceClient(CallDraft draft, ClientContact client)
    {
        foreach (var leg in draft.Core.Legs.Values.Where(leg => leg.IsOf(client.McpttId, client.ClientId)))
        {
            switch (leg)
            {
                case CallLeg.Waiting waiting:
                    draft.Refuse(leg.Number, waiting.Invite, RejectionCode.RequestTerminated, "replaced by the client's next INVITE");
                    break;
                case CallLeg.Invited invited:
                    draft.Cancel(invited, "the client joined by itself");
                    break;
                case CallLeg.InSession inSession:
                    draft.Leave(inSession, LeaveCause.Replaced);
                    break;
            }
        }

        if (draft.State is CallState.Opening opening && opening.Members.Any(member => IsSame(member.Client, client)))
        {
            draft.Add(new CallEvent { MemberDropped = new MemberDropped { McpttId = client.McpttId, ClientId = client.ClientId } });
        }
    }

    private static bool Comes(CallDraft draft, ClientContact client) =>
        draft.Core.Legs.Values.Any(leg => leg is CallLeg.Waiting or CallLeg.Invited or CallLeg.InSession && leg.IsOf(client.McpttId, client.ClientId));

    private static bool IsSame(ClientContact one, ClientContact other) => one.McpttId == other.McpttId && one.ClientId == other.ClientId;
}
