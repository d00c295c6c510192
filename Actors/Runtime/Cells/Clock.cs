using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>Microseconds since 1970, the unit of the messages.</summary>
internal static class Clock
{
    /// <summary>Rounded up to a whole millisecond, as timers count; a timer that fires early would find nothing due.</summary>
    public static TimeSpan UntilUs(TimeProvider time, long dueUs)
    {
        var leftMs = (Math.Max(0, dueUs - UnixTime.UsOf(time.GetUtcNow())) + 999) / 1_000;
        return TimeSpan.FromMilliseconds(leftMs);
    }
}
