using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What events do to one leg. A leg that is not as its event wants throws: such a history is not one.</summary>
internal static class CallLegEvolver
{
    public static CallState Accepted(CallState state, InviteAccepted accepted, long timeUs)
    {
        var waiting = (CallLeg.Waiting)state.Core.Legs[accepted.Leg];
        return Set(state, new CallLeg.InSession(accepted.Leg, waiting.Member, accepted.Dialog, accepted.Media, accepted.SdpAnswer)
        {
            Timer = accepted.Timer,
            RefreshedUs = timeUs,
            Told = new CallCondition(accepted.Emergency, accepted.ImminentPeril),
        });
    }

    public static CallState MemberJoined(CallState state, MemberJoined joined, long timeUs)
    {
        var invited = (CallLeg.Invited)state.Core.Legs[joined.Leg];
        return Set(state, new CallLeg.InSession(joined.Leg, invited.Member, joined.Dialog, joined.Media, invited.Invitation.SdpOffer)
        {
            Outgoing = true,
            Confirmed = true,
            Timer = joined.Timer,
            RefreshedUs = timeUs,
            Told = new CallCondition(invited.Invitation.Emergency, invited.Invitation.ImminentPeril),

            // The session may have moved since it was invited.
            Behind = !MediaNegotiation.ShowsPlacement(invited.Invitation.SdpOffer, ((CallState.InSession)state).Placement),
        });
    }

    public static CallState Cancelled(CallState state, uint leg, long timeUs)
    {
        var invited = (CallLeg.Invited)state.Core.Legs[leg];
        return Set(state, new CallLeg.Cancelling(leg, invited.Member, invited.Invitation, invited.EffectId, timeUs));
    }

    public static CallState Left(CallState state, ParticipantLeft left, long timeUs)
    {
        var leg = (CallLeg.InSession)state.Core.Legs[left.Leg];
        return left.ByeAfterAck ? Set(state, new CallLeg.Leaving(left.Leg, leg.Member, leg.Dialog, timeUs)) : state.Without(left.Leg);
    }

    public static CallState Updated(CallState state, SessionUpdated updated, long timeUs) =>
        Change(state, updated.Leg, leg => leg with
        {
            Dialog = new Dialog(leg.Dialog)
            {
                RemoteCseq = updated.RemoteCseq,
                RemoteTarget = updated.RemoteTarget.Length > 0 ? updated.RemoteTarget : leg.Dialog.RemoteTarget,
                Flow = updated.Flow ?? leg.Dialog.Flow,
            },
            Media = updated.Media ?? leg.Media,
            LocalSdp = updated.SdpAnswer.Length > 0 ? updated.SdpAnswer : leg.LocalSdp,
            Timer = updated.Timer,
            RefreshedUs = timeUs,
            Behind = leg.Behind && updated.SdpAnswer.Length == 0,
            MoveRefusals = updated.SdpAnswer.Length == 0 ? leg.MoveRefusals : 0,

            // A request in the dialog says that the 200 arrived.
            Confirmed = true,
        });

    public static CallState RefreshSent(CallState state, SessionRefreshSent sent, long timeUs) =>
        Change(state, sent.Leg, leg => leg with
        {
            Dialog = sent.Dialog,
            LocalSdp = sent.SdpOffer,
            RefreshCseq = sent.Dialog.LocalCseq,
            RefreshSentUs = timeUs,
            RefreshRetryUs = 0,
            Telling = new CallCondition(sent.Emergency, sent.ImminentPeril),
        });

    public static CallState Refreshed(CallState state, SessionRefreshed refreshed, long timeUs) =>
        Change(state, refreshed.Leg, leg => leg with
        {
            Dialog = new Dialog(leg.Dialog)
            {
                RemoteTarget = refreshed.RemoteTarget.Length > 0 ? refreshed.RemoteTarget : leg.Dialog.RemoteTarget,
                Flow = refreshed.Flow ?? leg.Dialog.Flow,
            },
            Media = refreshed.Media ?? leg.Media,
            Timer = refreshed.Timer,
            RefreshedUs = timeUs,
            RefreshCseq = 0,
            RefreshRetryUs = 0,
            Told = leg.Telling,
            Behind = leg.Behind && !MediaNegotiation.ShowsPlacement(leg.LocalSdp, ((CallState.InSession)state).Placement),
            MoveRefusals = 0,
        });

    // Who crossed ours (491) did not read it. Who refused it otherwise did, and is not asked the same again for it.
    public static CallState RefreshFailed(CallState state, SessionRefreshFailed failed) =>
        Change(state, failed.Leg, leg => leg with
        {
            RefreshCseq = 0,
            RefreshRetryUs = failed.RetryAtUs,
            MoveRefusals = leg.Behind && failed.Status != CallRefreshes.RequestPending ? leg.MoveRefusals + 1 : leg.MoveRefusals,
            Told = failed.Status == CallRefreshes.RequestPending ? leg.Told : leg.Telling,
        });

    public static CallState Informed(CallState state, CallConditionInformed informed) =>
        Change(state, informed.Leg, leg => leg with { Dialog = informed.Dialog, Told = new CallCondition(informed.Emergency, informed.ImminentPeril) });

    /// <summary>Who declared it knows it, if it is in the session already.</summary>
    public static CallState Declared(CallState state, uint leg) =>
        state.Core.Legs.GetValueOrDefault(leg) is CallLeg.InSession inSession ? Set(state, inSession with { Told = state.Core.Condition }) : state;

    public static CallState Change(CallState state, uint leg, Func<CallLeg.InSession, CallLeg.InSession> change) =>
        Set(state, change((CallLeg.InSession)state.Core.Legs[leg]));

    private static CallState Set(CallState state, CallLeg leg) => state with { Core = state.Core with { Legs = state.Core.Legs.SetItem(leg.Number, leg) } };
}
