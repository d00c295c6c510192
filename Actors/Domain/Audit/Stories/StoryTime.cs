using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>
/// Times as people write them: "14:03:07" on the day of the call, or a whole "2026-11-21T14:03:07Z". How exactly it is written says how long a time is
/// meant: a second, a minute, a millisecond.
/// </summary>
public static class StoryTime
{
    private const long SecondUs = 1_000_000;
    private const long DayUs = 24 * 60 * 60 * SecondUs;

    private static readonly (string Format, long LengthUs)[] Clocks =
    [
        ("HH:mm", 60 * SecondUs),
        ("HH:mm:ss", SecondUs),
        ("HH:mm:ss.f", SecondUs / 10),
        ("HH:mm:ss.ff", SecondUs / 100),
        ("HH:mm:ss.fff", SecondUs / 1_000),
        ("HH:mm:ss.ffffff", 1),
    ];

    private static readonly string[] Days = ["yyyy-MM-dd'T'", "yyyy-MM-dd' '"];

    public static bool TryRead(string written, CallStory story, out StorySpan asked, [NotNullWhen(false)] out string? fault)
    {
        var text = written.Trim();
        fault = null;
        foreach (var (format, lengthUs) in Clocks)
        {
            if (TimeOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
            {
                asked = OfDay(clock.Ticks / TimeSpan.TicksPerMicrosecond, lengthUs, story);
                return true;
            }

            if (TryReadWhole(text, format, out var whole))
            {
                var fromUs = UnixTime.UsOf(whole);
                asked = new StorySpan(fromUs, fromUs + lengthUs);
                return true;
            }
        }

        asked = default;
        fault = $"\"{written}\" is no time: write 14:03:07 or 14:03:07.120 (UTC, on the day of the call), or 2026-11-21T14:03:07Z";
        return false;
    }

    private static bool TryReadWhole(string text, string clock, out DateTimeOffset whole)
    {
        whole = default;
        foreach (var day in Days)
        {
            string[] formats = [day + clock, day + clock + "'Z'", day + clock + "zzz"];
            if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out whole))
            {
                return true;
            }
        }

        return false;
    }

    // A call that goes over midnight has that clock time on its first day or on the next one.
    private static StorySpan OfDay(long clockUs, long lengthUs, CallStory story)
    {
        var firstDayUs = story.StartedUs / DayUs * DayUs;
        var onFirst = firstDayUs + clockUs;
        var onNext = onFirst + DayUs;
        var fromUs = onFirst + lengthUs <= story.StartedUs && onNext <= story.UntilUs ? onNext : onFirst;
        return new StorySpan(fromUs, fromUs + lengthUs);
    }
}
