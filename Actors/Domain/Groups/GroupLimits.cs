namespace Mcptt.Domain.Groups;

/// <summary>Bounds of a group document; a document beyond one is refused with the key and the bound.</summary>
public static class GroupLimits
{
    public const int MaxMembers = 10_000;
    public const int MaxCodecs = 16;
    public const int MaxNameChars = 256;
    public const int MaxIdentityChars = 512;

    /// <summary>Queue Info has positions 1 to 253 (TS 24.380 8.2.3.5).</summary>
    public const uint MaxQueueDepth = 253;

    /// <summary>List of Granted Users counts in one octet; more talkers than this are noise to every listener.</summary>
    public const uint MaxTalkers = 16;

    /// <summary>Refused attempts to call that a group stores one by one within a minute; the rest is counted in one event.</summary>
    public const uint RefusalsPerMinute = 30;

    /// <summary>The same for one user, so that nobody's attempts hide those of others.</summary>
    public const uint RefusalsPerUserAndMinute = 5;

    public const uint MaxPriority = byte.MaxValue;

    /// <summary>Duration in Floor Granted is 16 bits of seconds (TS 24.380 8.2.3.3).</summary>
    public const uint MaxTalkLimitMs = ushort.MaxValue * 1000u;

    public const uint MaxHangTimerMs = 24 * 60 * 60 * 1000;
    public const uint MaxEmergencyTimeLimitMs = 24 * 60 * 60 * 1000;
    public const uint MaxAcknowledgementTimeoutMs = 120_000;
}
