namespace Mcptt.Domain.Calls;

/// <summary>Bounds and times of a call that no document sets.</summary>
public static class CallDefaults
{
    /// <summary>Bound of a call whose group document sets none; who comes later gets 486 "122".</summary>
    public const uint MaxParticipants = 2_000;

    /// <summary>CANCELs kept for INVITEs that they overtook; the oldest is forgotten, and its caller then ends the call by BYE.</summary>
    public const int MaxEarlyCancels = 8;

    /// <summary>A media node that says nothing for so long has failed: a call that begins is refused with 503, one that is to move stays where it is.</summary>
    public static readonly TimeSpan MediaSessionTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Media nodes that a call which begins asks, when one after the other cannot take it; then 503.</summary>
    public const uint OpeningAttempts = 3;

    /// <summary>A call that lost its media node asks again after this time, because a node may come back.</summary>
    public static readonly TimeSpan MediaRetry = TimeSpan.FromSeconds(2);

    /// <summary>How often it asks; then it is released.</summary>
    public const uint MediaAttempts = 10;

    /// <summary>
    /// A session that moves goes on at the former node for so long at most, for legs that have not answered their re-INVITE: two retransmissions over UDP (RFC 3261
    /// timer A), and less than T1 of the floor (4 s), because that node hears no more of a talker who has followed.
    /// </summary>
    public static readonly TimeSpan MediaOverlap = TimeSpan.FromSeconds(3);

    /// <summary>A leg that refused to follow the media session is asked again after this time.</summary>
    public static readonly TimeSpan MoveRetry = TimeSpan.FromSeconds(2);

    /// <summary>Refusals in a row after which it leaves by BYE: it hears nothing where it is.</summary>
    public const uint MaxMoveRefusals = 3;

    /// <summary>An INVITE to a member without a final answer is cancelled then. RFC 3261 leaves it to us (9.1); long enough to answer by hand.</summary>
    public static readonly TimeSpan UnansweredInvite = TimeSpan.FromSeconds(60);

    /// <summary>64*T1 (RFC 3261 9.1) after a CANCEL the leg is given up; a later 2xx is still answered with BYE.</summary>
    public static readonly TimeSpan CancelledInvite = TimeSpan.FromSeconds(32);

    /// <summary>64*T1 (RFC 3261 13.3.1.4) for an ACK, and a little more: the edge counts it and normally tells us first.</summary>
    public static readonly TimeSpan AwaitedAcknowledgement = TimeSpan.FromSeconds(40);

    /// <summary>A re-INVITE of ours whose outcome nobody reported is not under way any more (its Timer B and a little more).</summary>
    public static readonly TimeSpan UnansweredRefresh = TimeSpan.FromSeconds(40);

    /// <summary>RFC 4028 4: the recommended session interval.</summary>
    public const uint SessionIntervalSeconds = 1800;

    /// <summary>RFC 4028 4: the least that anybody may ask for.</summary>
    public const uint MinSessionIntervalSeconds = 90;

    /// <summary>RFC 4028 10: BYE goes out this long before the session runs out, or a third of it if that is shorter.</summary>
    public static readonly TimeSpan SessionExpiryMargin = TimeSpan.FromSeconds(32);

    /// <summary>RFC 3261 14.1: who made the Call-ID waits 2.1 to 4 s after a 491, the other one up to 2 s.</summary>
    public static readonly TimeSpan GlareRetryAsOwner = TimeSpan.FromSeconds(3);

    public static readonly TimeSpan GlareRetryAsOther = TimeSpan.FromSeconds(1);

    /// <summary>A refresh that failed otherwise is tried again half way to the end of the session, unless that is closer than this.</summary>
    public static readonly TimeSpan LeastRefreshRetry = TimeSpan.FromSeconds(5);

    /// <summary>How long the floor of a temporary group waits for members who have not answered; less would not let a phone ring, more would keep the others silent.</summary>
    public static readonly TimeSpan FloorInitialising = TimeSpan.FromSeconds(5);

    public static long Microseconds(this TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
