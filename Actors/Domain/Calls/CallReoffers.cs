using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>re-INVITE and UPDATE of a participant: refresh, hold, new address (RFC 3261 14.2, RFC 3311, RFC 4028 9).</summary>
internal static class CallReoffers
{
    public static Decision Reoffered(CallState state, Command command, LegReoffered reoffered)
    {
        if (state is not CallState.InSession session || state.Core.Legs.GetValueOrDefault(reoffered.Leg) is not { } leg)
        {
            return Decision.Reject(RejectionCode.DialogUnknown, $"no dialog of leg {reoffered.Leg}");
        }

        return leg is CallLeg.InSession inSession && inSession.Dialog.CallId == reoffered.SipCallId && Dialogs.TagOf(inSession.Dialog.Remote) == reoffered.RemoteTag
            ? WhyNot(inSession, command, reoffered) ?? Update(session, inSession, command, reoffered)
            : Decision.Reject(RejectionCode.DialogUnknown, $"no dialog {reoffered.SipCallId} of leg {reoffered.Leg}");
    }

    private static Decision? WhyNot(CallLeg.InSession leg, Command command, LegReoffered reoffered)
    {
        if (reoffered.Cseq <= leg.Dialog.RemoteCseq)
        {
            return Decision.Reject(RejectionCode.CseqOutOfOrder, $"CSeq {reoffered.Cseq} is not above {leg.Dialog.RemoteCseq}");
        }

        // 491 (RFC 3261 14.2): our own offer is under way.
        var negotiates = reoffered.SdpOffer.Length > 0 || reoffered.WantsOffer;
        if (negotiates && leg.RefreshCseq != 0 && command.TimeUs - leg.RefreshSentUs < CallDefaults.UnansweredRefresh.Microseconds())
        {
            return Decision.Reject(RejectionCode.RequestPending, "a re-INVITE of ours is under way");
        }

        return SessionTimers.IsTooSmall(reoffered.SessionExpiresS)
            ? Decision.Reject(RejectionCode.SessionIntervalTooSmall, $"Session-Expires {reoffered.SessionExpiresS}", CallDefaults.MinSessionIntervalSeconds)
            : null;
    }

    private static Decision Update(CallState.InSession session, CallLeg.InSession leg, Command command, LegReoffered reoffered)
    {
        AgreedAnswer? answer = null;
        var floor = FloorTerms.Of(session.Rules, leg.Member, createsSession: false);
        var terms = new NegotiationTerms(session.Audio, session.Placement, floor, MediaNegotiation.OriginId(session.Id, leg.Number), leg.LocalSdp);
        if (reoffered.SdpOffer.Length > 0 && !MediaNegotiation.TryAnswer(reoffered.SdpOffer, terms, out answer, out var reason))
        {
            return Decision.Reject(RejectionCode.NoCommonCodec, reason);
        }

        var timer = SessionTimers.Answer(reoffered.SupportsTimer, reoffered.SessionExpiresS, reoffered.Refresher, 0, leg.Timer?.WeRefresh ?? false) ?? leg.Timer;
        var draft = new CallDraft(session, command);
        draft.Add(new CallEvent
        {
            SessionUpdated = new SessionUpdated
            {
                Leg = leg.Number,
                RemoteCseq = reoffered.Cseq,
                RemoteTarget = reoffered.ContactUri,
                Flow = reoffered.Flow,
                Media = answer?.Media,
                SdpAnswer = answer?.Sdp ?? "",
                Timer = timer,
            },
        });
        return draft.Done(new Accepted
        {
            Session = new SessionAnswer
            {
                SdpAnswer = answer?.Sdp ?? "",
                SessionExpiresS = timer?.IntervalS ?? 0,
                Refresher = SessionTimers.RefresherOfAnswer(timer),
                SdpOffer = reoffered.WantsOffer ? MediaNegotiation.Reoffer(leg.LocalSdp, session.Placement, floor) : "",
            },
        });
    }
}
