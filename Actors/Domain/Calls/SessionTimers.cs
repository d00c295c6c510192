using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What is agreed about session refreshes (RFC 4028).</summary>
internal static class SessionTimers
{
    public const string Uac = "uac";
    public const string Uas = "uas";

    public static bool IsTooSmall(uint sessionExpiresSeconds) => sessionExpiresSeconds is > 0 and < CallDefaults.MinSessionIntervalSeconds;

    /// <summary>Our answer to a request (RFC 4028 9). Who can refresh by itself does; the originator is the UAC (facts 4.1).</summary>
    public static SessionTimer? Answer(bool supportsTimer, uint sessionExpiresSeconds, string refresher, uint minSeconds, bool weRefreshedBefore = false)
    {
        if (!supportsTimer && sessionExpiresSeconds == 0)
        {
            return null;
        }

        var wanted = sessionExpiresSeconds == 0 ? CallDefaults.SessionIntervalSeconds : Math.Min(sessionExpiresSeconds, CallDefaults.SessionIntervalSeconds);
        return new SessionTimer
        {
            IntervalS = Math.Max(wanted, Math.Max(minSeconds, CallDefaults.MinSessionIntervalSeconds)),
            WeRefresh = refresher switch
            {
                Uas => true,
                Uac => false,
                _ => !supportsTimer || weRefreshedBefore,
            },
        };
    }

    /// <summary>What the answer to our request says; null when it says nothing (RFC 4028 7.2).</summary>
    public static SessionTimer? OfAnswer(uint sessionExpiresSeconds, string refresher) =>
        sessionExpiresSeconds == 0
            ? null
            : new SessionTimer { IntervalS = Math.Max(sessionExpiresSeconds, CallDefaults.MinSessionIntervalSeconds), WeRefresh = refresher != Uas };

    /// <summary>The refresher parameter of our 2xx: in it the peer is the UAC.</summary>
    public static string RefresherOfAnswer(SessionTimer? timer) =>
        timer switch
        {
            null => "",
            { WeRefresh: true } => Uas,
            _ => Uac,
        };
}
