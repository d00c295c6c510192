using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

internal static class CallTimers
{
    public const string Media = "media";

    /// <summary>The former media session of a call that moved ends.</summary>
    public const string Overlap = "overlap";

    /// <summary>TS 24.379 B.2.1: acknowledged call setup.</summary>
    public const string Tng1 = "TNG1";

    /// <summary>TS 24.379 B.2.1: longest emergency.</summary>
    public const string Tng2 = "TNG2";

    /// <summary>The floor of a temporary group waits no longer.</summary>
    public const string Initialising = "initialising";

    /// <summary>TS 24.379 B.2.1: longest duration of a call. It does not run in an emergency, and begins anew after one.</summary>
    public const string Tng3 = "TNG3";

    public const string Answer = "answer:";
    public const string Cancelled = "cancelled:";
    public const string Acknowledgement = "ack:";
    public const string Refresh = "refresh:";
    public const string SessionExpiry = "session:";

    /// <summary>The outcome of a re-INVITE by which a leg was to follow the media session.</summary>
    public const string Following = "following:";

    private const long MicrosecondsPerMillisecond = 1_000;
    private const long MicrosecondsPerSecond = 1_000_000;

    public static IEnumerable<ActorTimer> Of(CallState state) => OfCall(state).Concat(state.Core.Legs.Values.SelectMany(OfLeg));

    private static IEnumerable<ActorTimer> OfCall(CallState state)
    {
        if (MediaDueUs(state) is { } mediaDue)
        {
            yield return new ActorTimer(Media, mediaDue);
        }

        if (state is CallState.InSession { Former: { } former })
        {
            yield return new ActorTimer(Overlap, former.SinceUs + CallDefaults.MediaOverlap.Microseconds());
        }

        if (state is CallState.Gathering gathering)
        {
            yield return new ActorTimer(Tng1, gathering.SinceUs + (gathering.Rules.AcknowledgementTimeoutMs * MicrosecondsPerMillisecond));
        }

        if (state is CallState.Started { Rules.MaxDurationMs: not 0, Core.Condition.Emergency: false } limited)
        {
            var since = Math.Max(limited.StartedUs, limited.Core.EmergencyUs);
            yield return new ActorTimer(Tng3, since + (limited.Rules.MaxDurationMs * MicrosecondsPerMillisecond));
        }

        if (state is CallState.Started { Rules.EmergencyTimeLimitMs: not 0, Core.Condition.Emergency: true } emergency)
        {
            yield return new ActorTimer(Tng2, emergency.Core.EmergencyUs + (emergency.Rules.EmergencyTimeLimitMs * MicrosecondsPerMillisecond));
        }

        if (CallFloorBeginning.IsAwaited(state))
        {
            yield return new ActorTimer(Initialising, ((CallState.Active)state).StartedUs + CallDefaults.FloorInitialising.Microseconds());
        }
    }

    private static long? MediaDueUs(CallState state) =>
        state switch
        {
            CallState.Opening opening => (opening.Search?.AskedUs ?? opening.StartedUs) + CallDefaults.MediaSessionTimeout.Microseconds(),
            CallState.InSession { Search: { GoesOn: true } search } => search.AskedUs + CallDefaults.MediaSessionTimeout.Microseconds(),
            CallState.InSession { Search: { } search } => search.AskedUs + CallDefaults.MediaRetry.Microseconds(),
            _ => null,
        };

    private static IEnumerable<ActorTimer> OfLeg(CallLeg leg) =>
        leg switch
        {
            CallLeg.Invited invited => [new ActorTimer(Answer + leg.Number, invited.SinceUs + CallDefaults.UnansweredInvite.Microseconds())],
            CallLeg.Cancelling cancelling => [new ActorTimer(Cancelled + leg.Number, cancelling.SinceUs + CallDefaults.CancelledInvite.Microseconds())],
            CallLeg.Leaving leaving => [new ActorTimer(Acknowledgement + leg.Number, leaving.SinceUs + CallDefaults.AwaitedAcknowledgement.Microseconds())],
            CallLeg.InSession inSession => OfSession(inSession),
            _ => [],
        };

    private static IEnumerable<ActorTimer> OfSession(CallLeg.InSession leg)
    {
        if (!leg.Confirmed)
        {
            yield return new ActorTimer(Acknowledgement + leg.Number, leg.RefreshedUs + CallDefaults.AwaitedAcknowledgement.Microseconds());
        }

        if (leg.RefreshCseq == 0 && (leg.RefreshRetryUs != 0 || leg.Timer is { WeRefresh: true }))
        {
            yield return new ActorTimer(Refresh + leg.Number, leg.RefreshRetryUs != 0 ? leg.RefreshRetryUs : leg.RefreshedUs + HalfInterval(leg.Timer!)); // Not null: the condition above.
        }

        // An edge that died tells no outcome. Without media a leg is not left for as long as its session lasts.
        if (leg is { Behind: true, RefreshCseq: not 0 })
        {
            yield return new ActorTimer(Following + leg.Number, leg.RefreshSentUs + CallDefaults.UnansweredRefresh.Microseconds());
        }

        if (leg.Timer is not null)
        {
            yield return new ActorTimer(SessionExpiry + leg.Number, ExpiryUs(leg));
        }
    }

    /// <summary>When we give the session up (RFC 4028 10).</summary>
    public static long ExpiryUs(CallLeg.InSession leg)
    {
        var interval = leg.Timer!.IntervalS * MicrosecondsPerSecond; // Callers asked for it.
        return leg.RefreshedUs + interval - Math.Min(CallDefaults.SessionExpiryMargin.Microseconds(), interval / 3);
    }

    private static long HalfInterval(SessionTimer timer) => timer.IntervalS * MicrosecondsPerSecond / 2;
}
