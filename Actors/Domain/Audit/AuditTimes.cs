using System.Globalization;

namespace Mcptt.Domain.Audit;

/// <summary>
/// Moments as people write them: "2026-11-21T14:03:07Z", "2026-11-21 14:03", "14:03:07" (today), "-2h" (before now), "now". Without an offset
/// UTC is meant, which the journal's times are shown in.
/// </summary>
public static class AuditTimes
{
    public const string Fix = "write a time such as 2026-11-21T14:03:07Z, 14:03 (today, UTC) or -2h (s, m, h or d before now)";

    // Longer ago than any journal; it keeps the arithmetic inside what a date can be.
    private const double LongestAgoDays = 36_500;

    private static readonly string[] Clocks = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF"];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        text = text.Trim();
        if (text.Equals("now", StringComparison.OrdinalIgnoreCase))
        {
            moment = now;
            return true;
        }

        if (text.StartsWith('-'))
        {
            return TryAgo(text[1..], now, out moment);
        }

        if (TimeOnly.TryParseExact(text, Clocks, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            moment = new DateTimeOffset(now.UtcDateTime.Date + clock.ToTimeSpan(), TimeSpan.Zero);
            return true;
        }

        moment = default;
        return text.Length >= "2026-11-21".Length
            && char.IsAsciiDigit(text[0])
            && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);
    }

    private static bool TryAgo(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        moment = default;
        if (text.Length < 2 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var days = text[^1] switch
        {
            's' => number / TimeSpan.SecondsPerDay,
            'm' => number / TimeSpan.MinutesPerDay,
            'h' => number / TimeSpan.HoursPerDay,
            'd' => number,
            _ => double.NaN,
        };
        if (!(days <= LongestAgoDays))
        {
            return false;
        }

        var ticks = (long)(days * TimeSpan.TicksPerDay);
        moment = ticks <= now.UtcTicks ? new DateTimeOffset(now.UtcTicks - ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;
        return true;
    }
}
