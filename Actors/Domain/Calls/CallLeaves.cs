using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>How clients leave by themselves or by their group.</summary>
internal static class CallLeaves
{
    public static Decision Bye(CallState state, Command command, LegBye bye)
    {
        var draft = new CallDraft(state, command);
        switch (state.Core.Legs.GetValueOrDefault(bye.Leg))
        {
            case CallLeg.InSession leg when IsOf(leg.Dialog, bye):
                if (bye.Cseq <= leg.Dialog.RemoteCseq)
                {
                    return Decision.Reject(RejectionCode.CseqOutOfOrder, $"CSeq {bye.Cseq} is not above {leg.Dialog.RemoteCseq}");
                }

                draft.Leave(leg, LeaveCause.Bye);
                CallAnswers.AfterLeave(draft);
                CallSetup.EndIfOriginatorLeft(draft);
                return draft.Done();

            // The caller may end its early dialog by BYE (RFC 3261 15); its INVITE is then answered 487.
            case CallLeg.Waiting waiting when waiting.Invite.Request.CallId == bye.SipCallId && Dialogs.TagOf(waiting.Invite.Request.From) == bye.RemoteTag:
                draft.Refuse(bye.Leg, waiting.Invite, RejectionCode.RequestTerminated, "BYE before the answer");
                CallSetup.EndIfOriginatorLeft(draft);
                return draft.Done();

            // It overtook its own 200: when that comes, its dialog is ended again, which is answered 481.
            case CallLeg.Invited or CallLeg.Cancelling when CallIdentity.SipCallId(state.Id, bye.Leg) == bye.SipCallId:
                draft.Add(new CallEvent { MemberFailed = new MemberFailed { Leg = bye.Leg, Reason = "BYE" } });
                CallAnswers.AfterLeave(draft);
                return draft.Done();

            // Both ended it; the peer's BYE stands for the ACK as well.
            case CallLeg.Leaving leaving when IsOf(leaving.Dialog, bye):
                draft.Add(new CallEvent { MemberFailed = new MemberFailed { Leg = bye.Leg, Reason = "BYE" } });
                return draft.Done();
            default:
                return Decision.Reject(RejectionCode.DialogUnknown, $"no dialog {bye.SipCallId} of leg {bye.Leg}");
        }
    }

    public static Decision Cancelled(CallState state, Command command, LegCancelled cancelled)
    {
        var draft = new CallDraft(state, command);
        var isKnown = false;
        foreach (var leg in state.Core.Legs.Values)
        {
            if (leg is CallLeg.Waiting waiting && waiting.Invite.Request.CallId == cancelled.SipCallId && waiting.Invite.Request.Cseq == cancelled.Cseq)
            {
                draft.Refuse(leg.Number, waiting.Invite, RejectionCode.RequestTerminated, "cancelled");
                CallSetup.EndIfOriginatorLeft(draft);
                return draft.Done();
            }

            // Too late (RFC 3261 9.2): it is answered, and BYE ends it.
            isKnown |= leg is CallLeg.InSession inSession && inSession.Dialog.CallId == cancelled.SipCallId;
        }

        if (!isKnown && !state.Core.Cancels.Any(cancel => cancel.SipCallId == cancelled.SipCallId && cancel.Cseq == cancelled.Cseq))
        {
            draft.Add(new CallEvent { CancelRemembered = new CancelRemembered { SipCallId = cancelled.SipCallId, Cseq = cancelled.Cseq } });
        }

        return draft.Done();
    }

    /// <summary>De-affiliated (TS 24.379 10.1.1.4.4.3).</summary>
    public static Decision RemoveClient(CallState state, Command command, RemoveClient remove)
    {
        var draft = new CallDraft(state, command);
        if (state is CallState.Opening opening && opening.Members.Any(member => member.Client.McpttId == remove.McpttId && member.Client.ClientId == remove.ClientId))
        {
            draft.Add(new CallEvent { MemberDropped = new MemberDropped { McpttId = remove.McpttId, ClientId = remove.ClientId } });
        }

        foreach (var leg in state.Core.Legs.Values.Where(leg => leg.IsOf(remove.McpttId, remove.ClientId)))
        {
            switch (leg)
            {
                case CallLeg.Waiting waiting:
                    draft.Refuse(leg.Number, waiting.Invite, RejectionCode.NotAffiliated, "not affiliated any more");
                    break;
                case CallLeg.Invited invited:
                    draft.Cancel(invited, "not affiliated any more");
                    break;
                case CallLeg.InSession inSession:
                    draft.Leave(inSession, LeaveCause.Deaffiliated);
                    break;
            }
        }

        if (draft.Core.EventCount != state.Core.EventCount)
        {
            CallSetup.EndIfOriginatorLeft(draft);
            CallAnswers.AfterLeave(draft);
        }

        return draft.Done();
    }

    private static bool IsOf(Dialog dialog, LegBye bye) => dialog.CallId == bye.SipCallId && Dialogs.TagOf(dialog.Remote) == bye.RemoteTag;
}
