using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Times and lengths as a story shows them: UTC, to the millisecond.</summary>
public static class StoryClock
{
    private const long SecondUs = 1_000_000;
    private const long MinuteUs = 60 * SecondUs;
    private const long HourUs = 60 * MinuteUs;

    /// <summary>"14:03:07.120".</summary>
    public static string Time(long timeUs) => UnixTime.OfUs(timeUs).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Time(long? timeUs) => timeUs is { } known ? Time(known) : "";

    /// <summary>"14:03:07".</summary>
    public static string Second(long timeUs) => UnixTime.OfUs(timeUs).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(long timeUs) => UnixTime.OfUs(timeUs).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"2026-11-21 14:03:07.120 UTC".</summary>
    public static string Full(long timeUs) => $"{Day(timeUs)} {Time(timeUs)} UTC";

    /// <summary>"0.120 s", "12.4 s", "2 min 05 s", "1 h 02 min".</summary>
    public static string Length(long lengthUs) =>
        lengthUs switch
        {
            < 0 => "-" + Length(-Math.Max(lengthUs, -long.MaxValue)),
            < SecondUs => Invariant($"{lengthUs / (double)SecondUs:0.000} s"),
            < MinuteUs => Invariant($"{Math.Floor(lengthUs / (double)(SecondUs / 10)) / 10:0.0} s"),
            < HourUs => Invariant($"{lengthUs / MinuteUs} min {lengthUs % MinuteUs / SecondUs:00} s"),
            _ => Invariant($"{lengthUs / HourUs} h {lengthUs % HourUs / MinuteUs:00} min"),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
