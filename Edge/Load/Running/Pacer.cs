using Mcptt.Load.Measuring;

namespace Mcptt.Load.Running;

/// <summary>
/// Takes steps at their time, and says how late it was. What follows from a step is measured from the time at which it should have been taken: a
/// generator that falls behind does not hide what its server's users would wait (coordinated omission).
/// </summary>
internal sealed class Pacer(TimeProvider time, LoadMeasures measures)
{
    /// <summary>To this the time of a step is defined: the system's timers tick in milliseconds. A step within it counts as on time.</summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(2);

    public TimeProvider Time => time;

    public long Now => time.GetTimestamp();

    public long After(long timestamp, TimeSpan duration) => timestamp + (long)(duration.TotalSeconds * time.TimestampFrequency);

    /// <summary>Waits for a time at which somebody else takes the step.</summary>
    public async ValueTask WakeBeforeAsync(long intended, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), intended);
            if (left < TimeSpan.FromMilliseconds(1))
            {
                return;
            }

            await Task.Delay(left, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits, and gives the time from which to measure. Returns at once, and unmeasured, when the token is cancelled.</summary>
    public async ValueTask<long> UntilAsync(long intended, CancellationToken stop)
    {
        await WakeBeforeAsync(intended, stop);
        return stop.IsCancellationRequested ? time.GetTimestamp() : Taken(intended);
    }

    private long Taken(long intended)
    {
        var now = time.GetTimestamp();
        var lag = time.GetElapsedTime(intended, now);
        measures.Record(MeasureKind.ScheduleLag, intended, now < intended ? intended : now);
        return lag <= Resolution ? now : intended;
    }
}
