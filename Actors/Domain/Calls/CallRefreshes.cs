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
                MovesMedia = leg.Behind,
            },
        });
    }

    /// <summary>
    /// Whoever was told otherwise how the call is, or where its media is, gets a re-INVITE: all legs at once, each when it may. That is not before the
    /// ACK to our 200, the answer to our re-INVITE under way, or its turn after a 491 (RFC 3261 14.1).
    /// </summary>
    /// <param name="gone">Nodes that died. Where one was a leg's edge too, its re-INVITE has to wait for another edge: nobody else's waits behind it.</param>
    public static void TellAll(CallDraft draft, IReadOnlyCollection<string>? gone = null)
    {
        if (draft.State is not CallState.InSession session)
        {
            return;
        }

        var stale = draft.Participants.Where(leg => leg is { Confirmed: true, RefreshCseq: 0, RefreshRetryUs: 0 } && IsStale(session, leg)).ToList();
        foreach (var leg in gone is null ? stale : stale.OrderBy(leg => gone.Contains(leg.Dialog.Flow?.EdgeNode ?? "")).ToList())
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
    }

    public static void Failed(CallDraft draft, CallLeg.InSession leg, uint status)
    {
        if (leg.Behind && status != RequestPending && leg.MoveRefusals + 1 >= CallDefaults.MaxMoveRefusals)
        {
            draft.Leave(leg, LeaveCause.MediaNotFollowed);
            CallAnswers.AfterLeave(draft);
            return;
        }

        draft.Add(new CallEvent
        {
            RefreshFailed = new SessionRefreshFailed { Leg = leg.Number, Status = status, RetryAtUs = RetryAtUs(leg, status, draft.NowUs) },
        });
    }

    private static long RetryAtUs(CallLeg.InSession leg, uint status, long nowUs)
    {
        if (status == RequestPending)
        {
            return nowUs + (leg.Outgoing ? CallDefaults.GlareRetryAsOwner : CallDefaults.GlareRetryAsOther).Microseconds();
        }

        if (leg.Behind)
        {
            return nowUs + CallDefaults.MoveRetry.Microseconds();
        }

        if (leg.Timer is null)
        {
            return 0;
        }

        var left = CallTimers.ExpiryUs(leg) - nowUs;
        return left / 2 < CallDefaults.LeastRefreshRetry.Microseconds() ? CallTimers.ExpiryUs(leg) : nowUs + (left / 2);
    }

    private static bool IsStale(CallState.InSession session, CallLeg.InSession leg) => CallConditions.IsStale(session.Core, leg) || (leg.Behind && !session.IsMediaLost);

    private static string Reoffer(CallState.InSession session, CallLeg.InSession leg) =>
        MediaNegotiation.Reoffer(leg.LocalSdp, session.Placement, FloorTerms.Of(session.Rules, leg.Member, mayAskImplicitly: false));
}
