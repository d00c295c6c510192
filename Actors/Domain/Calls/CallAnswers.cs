using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>Outcomes of requests that we sent, and of our 200s.</summary>
internal static class CallAnswers
{
    public const uint RequestTimeout = 408;

    private const uint DialogDoesNotExist = 481;
    private const uint InviteCseq = 1;

    public static Decision Answered(CallState state, Command command, LegAnswered answered)
    {
        var draft = new CallDraft(state, command);
        switch (state.Core.Legs.GetValueOrDefault(answered.Leg))
        {
            case CallLeg.Invited invited:
                Joined(draft, invited, answered);
                break;
            case CallLeg.Cancelling cancelling:
                Stray(draft, answered, cancelling.Invitation.Local, "cancelled before it was answered", legGone: true);
                break;
            case CallLeg.InSession leg when leg.RefreshCseq != 0 && answered.Cseq == leg.RefreshCseq:
                CallRefreshes.Completed(draft, leg, answered);
                break;

            // A forked INVITE: one branch is the leg, the others are ended (RFC 3261 13.2.2.4).
            case CallLeg.InSession { Outgoing: true } leg when answered.Cseq == InviteCseq && Dialogs.TagOf(answered.Remote) != Dialogs.TagOf(leg.Dialog.Remote):
                Stray(draft, answered, leg.Dialog.Local, "answered elsewhere", legGone: false);
                break;
            case null when answered.Cseq == InviteCseq && GroupOf(state) is { Length: > 0 } group && answered.Leg < state.Core.NextLeg:
                Stray(draft, answered, CallIdentity.Local(group, state.Id, answered.Leg), "call ended", legGone: false);
                break;
        }

        return draft.Done();
    }

    public static Decision Failed(CallState state, Command command, LegFailed failed)
    {
        var draft = new CallDraft(state, command);
        switch (state.Core.Legs.GetValueOrDefault(failed.Leg))
        {
            case CallLeg.Invited or CallLeg.Cancelling when !failed.InDialog:
                draft.Add(new CallEvent { MemberFailed = new MemberFailed { Leg = failed.Leg, Status = failed.Status, Reason = failed.Reason } });
                CallSetup.CheckGathered(draft);
                CallRelease.ReleaseIfAlone(draft);
                break;

            // RFC 3261 12.2.1.2: either way the dialog is over; after a 408 the peer may not know it yet.
            case CallLeg.InSession leg when failed is { InDialog: true, Status: DialogDoesNotExist }:
                draft.Lost(leg);
                AfterLeave(draft);
                break;
            case CallLeg.InSession leg when failed is { InDialog: true, Status: RequestTimeout }:
                draft.Leave(leg, LeaveCause.DialogLost);
                AfterLeave(draft);
                break;
            case CallLeg.InSession leg when failed.InDialog && leg.RefreshCseq != 0:
                CallRefreshes.Failed(draft, leg, failed.Status);
                break;
        }

        return draft.Done();
    }

    public static Decision Acknowledged(CallState state, Command command, uint leg)
    {
        var draft = new CallDraft(state, command);
        switch (state.Core.Legs.GetValueOrDefault(leg))
        {
            case CallLeg.InSession { Confirmed: false }:
                draft.Add(new CallEvent { DialogConfirmed = new DialogConfirmed { Leg = leg } });
                break;
            case CallLeg.Leaving leaving:
                EndLeaving(draft, leaving);
                break;
        }

        return draft.Done();
    }

    /// <summary>RFC 3261 13.3.1.4: a 200 without ACK for 64*T1 is followed by BYE.</summary>
    public static Decision NotAcknowledged(CallState state, Command command, uint leg)
    {
        var draft = new CallDraft(state, command);
        switch (state.Core.Legs.GetValueOrDefault(leg))
        {
            case CallLeg.InSession { Confirmed: false } inSession:
                draft.Leave(inSession, LeaveCause.NotAcknowledged);
                AfterLeave(draft);
                break;
            case CallLeg.Leaving leaving:
                EndLeaving(draft, leaving);
                break;
        }

        return draft.Done();
    }

    public static void AfterLeave(CallDraft draft)
    {
        CallSetup.CheckGathered(draft);
        CallRelease.ReleaseIfAlone(draft);
    }

    private static void Joined(CallDraft draft, CallLeg.Invited invited, LegAnswered answered)
    {
        var session = draft.Session;
        var terms = FloorTerms.Of(session.Rules, invited.Member, mayAskImplicitly: false);
        if (CallJoins.IsFull(draft))
        {
            Stray(draft, answered, invited.Invitation.Local, "call full", legGone: true);
        }
        else if (!MediaNegotiation.TryReadAnswer(answered.SdpAnswer, session.Audio, terms, out var media, out var reason))
        {
            Stray(draft, answered, invited.Invitation.Local, reason, legGone: true);
        }
        else
        {
            draft.Add(new CallEvent
            {
                MemberJoined = new MemberJoined
                {
                    Leg = invited.Number,
                    Dialog = DialogOf(draft.Core.Id, answered, invited.Invitation.Local),
                    Media = media,
                    Timer = SessionTimers.OfAnswer(answered.SessionExpiresS, answered.Refresher),
                },
            });
        }

        AfterLeave(draft);
    }

    private static void Stray(CallDraft draft, LegAnswered answered, string local, string reason, bool legGone) =>
        draft.Add(new CallEvent
        {
            StrayDialogEnded = new StrayDialogEnded
            {
                Leg = answered.Leg,
                Bye = DialogOf(draft.Core.Id, answered, local).Next(),
                Reason = reason,
                LegGone = legGone,
            },
        });

    private static void EndLeaving(CallDraft draft, CallLeg.Leaving leaving) =>
        draft.Add(new CallEvent
        {
            StrayDialogEnded = new StrayDialogEnded { Leg = leaving.Number, Bye = leaving.Dialog.Next(), Reason = "left before its ACK", LegGone = true },
        });

    private static Dialog DialogOf(string callId, LegAnswered answered, string local)
    {
        var dialog = new Dialog
        {
            CallId = CallIdentity.SipCallId(callId, answered.Leg),
            Local = local,
            Remote = answered.Remote,
            RemoteTarget = answered.ContactUri,
            LocalCseq = InviteCseq,
            Flow = answered.Flow,
        };
        dialog.RouteSet.Add(answered.RouteSet);
        return dialog;
    }

    private static string GroupOf(CallState state) =>
        state switch
        {
            CallState.Started started => started.Rules.GroupId,
            CallState.Ended ended => ended.GroupId,
            _ => "",
        };
}
