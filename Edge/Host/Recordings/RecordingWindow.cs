using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Host.Recordings;

/// <summary>A span of time in microseconds since 1970, both ends included.</summary>
internal readonly record struct RecordingWindow(long FromUs, long ToUs)
{
    public static RecordingWindow Everything => new(0, long.MaxValue);

    public bool Touches(RecordedSpeech speech) => speech.Burst.EndedUs >= FromUs && speech.Burst.StartedUs <= ToUs;

    public bool Holds(long timeUs) => timeUs >= FromUs && timeUs <= ToUs;

    /// <param name="text">A date and time, UTC unless it names a zone, or a time of day.</param>
    /// <param name="startUs">When the call's speech began: a time of day is the first one not before that minute's day.</param>
    /// <param name="timeUs">Microseconds since 1970.</param>
    public static bool TryParse(string text, long startUs, out long timeUs)
    {
        var start = UnixTime.OfUs(startUs);
        if (TimeSpan.TryParseExact(text, [@"h\:mm", @"h\:mm\:ss", @"h\:mm\:ss\.FFFFFF"], CultureInfo.InvariantCulture, out var ofDay))
        {
            var day = new DateTimeOffset(start.Date, TimeSpan.Zero) + ofDay;

            // A call over midnight: what lies far before its beginning is meant on the day after.
            timeUs = UnixTime.UsOf(day < start - TimeSpan.FromHours(12) ? day.AddDays(1) : day);
            return true;
        }

        var isInstant = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant);
        timeUs = isInstant ? UnixTime.UsOf(instant) : 0;
        return isInstant;
    }
}
