namespace Mcptt.Actors;

/// <summary>
/// A clock that never jumps. Timers of actors, what is stored and what is answered go by the time of day; when somebody sets the system's clock, a talker's T2 must not last
/// an hour more, and not every registration must end at once. So this clock follows the system's by running a sixteenth faster or slower until they agree.
/// Only a difference that nobody would call a correction is taken over at once: the clock was not set at all until then.
/// </summary>
public sealed class SteadyTime : TimeProvider
{
    /// <summary>The clock gains or loses at most this part of the time that passes.</summary>
    private const int Slew = 16;

    /// <summary>A greater difference is taken over at once.</summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromDays(1);

    // Within it nothing is stored, so that a sixteenth of it is not rounded away.
    private static readonly long AnchorTicks = TimeSpan.TicksPerMillisecond;

    private readonly TimeProvider _system;
    private readonly Lock _gate = new();
    private long _anchor;
    private long _anchorTicks;
    private long _lastTicks;

    public SteadyTime(TimeProvider system)
    {
        _system = system;
        _anchor = system.GetTimestamp();
        _anchorTicks = _lastTicks = system.GetUtcNow().UtcTicks;
    }

    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    public override long TimestampFrequency => _system.TimestampFrequency;

    public override long GetTimestamp() => _system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _system.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var now = _system.GetTimestamp();
            var passed = _system.GetElapsedTime(_anchor, now).Ticks;
            var free = _anchorTicks + passed;
            var difference = _system.GetUtcNow().UtcTicks - free;
            if (Math.Abs(difference) > StepLimit.Ticks)
            {
                _lastTicks = free + difference;
                (_anchor, _anchorTicks) = (now, _lastTicks);
                return new DateTimeOffset(_lastTicks, TimeSpan.Zero);
            }

            _lastTicks = Math.Max(_lastTicks, free + Math.Clamp(difference, -passed / Slew, passed / Slew));
            if (passed >= AnchorTicks)
            {
                (_anchor, _anchorTicks) = (now, _lastTicks);
            }

            return new DateTimeOffset(_lastTicks, TimeSpan.Zero);
        }
    }
}
