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
            ? WhyNot(session.Core, inSession, command, reoffered) ?? Update(session, inSession, command, reoffered)
            : Decision.Reject(RejectionCode.DialogUnknown, $"no dialog {reoffered.SipCallId} of leg {reoffered.Leg}");
    }

    private static Decision? WhyNot(CallCore core, CallLeg.InSession leg, Command command, LegReoffered reoffered)
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

        if (CallConditions.WhyNot(core.Condition, leg.Member.Rights, reoffered.Emergency, reoffered.ImminentPeril) is { } refusal)
        {
            return Decision.Reject(refusal);
        }

        return SessionTimers.IsTooSmall(reoffered.SessionExpiresS)
            ? Decision.Reject(RejectionCode.SessionIntervalTooSmall, $"Session-Expires {reoffered.SessionExpiresS}", CallDefaults.MinSessionIntervalSeconds)
            : null;
    }

    private static Decision Update(CallState.InSession session, CallLeg.InSession leg, Command command, LegReoffered reoffered)
    {
        AgreedAnswer? answer = null;
        var declares = reoffered.Emergency == Indication.True || reoffered.ImminentPeril == Indication.True;
        var floor = FloorTerms.Of(session.Rules, leg.Member, mayAskImplicitly: declares);
        var terms = new NegotiationTerms(session.Audio, session.Placement, floor, MediaNegotiation.OriginId(session.Id, leg.Number), leg.LocalSdp);
        if (reoffered.SdpOffer.Length > 0 && !MediaNegotiation.TryAnswer(reoffered.SdpOffer, terms, out answer, out var reason))
        {
            return Decision.Reject(RejectionCode.NoCommonCodec, reason);
        }

        var timer = SessionTimers.Answer(reoffered.SupportsTimer, reoffered.SessionExpiresS, reoffered.Refresher, 0, leg.Timer?.WeRefresh ?? false) ?? leg.Timer;
        var draft = new CallDraft(session, command);

        // Before the session: an implicit request is one of the class that the call has then (6.3.5.3.9).
        CallConditions.Change(draft, leg.Number, CallConditions.After(session.Core.Condition, reoffered.Emergency, reoffered.ImminentPeril));
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
        var informs = session.Core.Condition.Emergency && draft.Core.Condition.Emergency && reoffered.ImminentPeril == Indication.True;
        if (informs)
        {
            Inform(draft, (CallLeg.InSession)draft.Core.Legs[leg.Number]);
        }

        return draft.Done(new Accepted
        {
            Session = new SessionAnswer
            {
                SdpAnswer = answer?.Sdp ?? "",
                SessionExpiresS = timer?.IntervalS ?? 0,
                Refresher = SessionTimers.RefresherOfAnswer(timer),
                Warning = informs ? CallConditions.InfoPending : 0,
                SdpOffer = reoffered.WantsOffer ? MediaNegotiation.Reoffer(leg.LocalSdp, session.Placement, floor) : "",
            },
        });
    }

    private static void Inform(CallDraft draft, CallLeg.InSession leg) =>
        draft.Add(new CallEvent
        {
            ConditionInformed = new CallConditionInformed
            {
                Leg = leg.Number,
                Dialog = leg.Dialog.Next(),
                Emergency = draft.Core.Condition.Emergency,
                ImminentPeril = draft.Core.Condition.ImminentPeril,
            },
        });
}
