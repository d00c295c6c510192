using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>re-INVITEs that we send: session refresh (RFC 4028 7.2) and a new media address.</summary>
internal static class CallRefreshes
{
    public const uint RequestPending = 491;

    public static void Send(CallDraft draft, CallLeg.InSession leg)
    {
        var session = draft.Session;
        draft.Add(new CallEvent
        {
            RefreshSent = new SessionRefreshSent
            {
                Leg = leg.Number,
                Dialog = leg.Dialog.Next(),
                SdpOffer = Reoffer(session, leg),
                SessionExpiresS = leg.Timer?.IntervalS ?? 0,
                Emergency = draft.Core.Condition.Emergency,
                ImminentPeril = draft.Core.Condition.ImminentPeril,
                TellsCondition = CallConditions.IsStale(draft.Core, leg),
            },
        });
    }

    /// <summary>The session is at another address: every leg whose SDP says otherwise hears of it, now or after the re-INVITE under way.</summary>
    public static void TellNewPlacement(CallDraft draft)
    {
        var session = draft.Session;
        foreach (var leg in draft.Participants.Where(leg => leg.RefreshCseq == 0 && IsStale(session, leg)).ToList())
        {
            Send(draft, leg);
        }
    }

    public static void Completed(CallDraft draft, CallLeg.InSession leg, LegAnswered answered)
    {
        var session = draft.Session;
        var terms = FloorTerms.Of(session.Rules, leg.Member, mayAskImplicitly: false);

        // An answer that cannot be read changes nothing: the media as agreed before goes on.
        MediaNegotiation.TryReadAnswer(answered.SdpAnswer, session.Audio, terms, out var media, out _);
        draft.Add(new CallEvent
        {
            Refreshed = new SessionRefreshed
            {
                Leg = leg.Number,
                RemoteTarget = answered.ContactUri,
                Flow = answered.Flow,
                Media = media,
                Timer = SessionTimers.OfAnswer(answered.SessionExpiresS, answered.Refresher),
            },
        });
        if (draft.Core.Legs[leg.Number] is CallLeg.InSession refreshed && IsStale(session, refreshed))
        {
            Send(draft, refreshed);
        }
    }

    public static void Failed(CallDraft draft, CallLeg.InSession leg, uint status) =>
        draft.Add(new CallEvent
        {
            RefreshFailed = new SessionRefreshFailed { Leg = leg.Number, Status = status, RetryAtUs = RetryAtUs(leg, status, draft.NowUs) },
        });

    private static long RetryAtUs(CallLeg.InSession leg, uint status, long nowUs)
    {
        if (status == RequestPending)
        {
            return nowUs + (leg.Outgoing ? CallDefaults.GlareRetryAsOwner : CallDefaults.GlareRetryAsOther).Microseconds();
        }

        if (leg.Timer is null)
        {
            return 0;
        }

        var left = CallTimers.ExpiryUs(leg) - nowUs;
        return left / 2 < CallDefaults.LeastRefreshRetry.Microseconds() ? CallTimers.ExpiryUs(leg) : nowUs + (left / 2);
    }

    private static bool IsStale(CallState.InSession session, CallLeg.InSession leg) => !MediaNegotiation.ShowsPlacement(leg.LocalSdp, session.Placement);

    private static string Reoffer(CallState.InSession session, CallLeg.InSession leg) =>
        MediaNegotiation.Reoffer(leg.LocalSdp, session.Placement, FloorTerms.Of(session.Rules, leg.Member, mayAskImplicitly: false));
}
