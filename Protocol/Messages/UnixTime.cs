namespace Mcptt.Protocol.Messages;

/// <summary>Times as the messages carry them: microseconds since 1970, UTC.</summary>
public static class UnixTime
{
    /// <summary>The end of the year 9999, beyond which there is no date.</summary>
    public static readonly long LastUs = UsOf(DateTimeOffset.MaxValue);

    public static long UsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>What cannot be a date, as in a damaged or foreign event, is the nearest one that can: it must not keep the rest from being told.</summary>
    public static DateTimeOffset OfUs(long timeUs) => DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(timeUs, 0, LastUs) * TimeSpan.TicksPerMicrosecond);
}
