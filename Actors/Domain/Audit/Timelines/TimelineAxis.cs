using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Clock times of a scale, as close as their words have room.</summary>
internal static class TimelineAxis
{
    public const double TextSize = 11;

    private const double Apart = 18;
    private const long SecondUs = 1_000_000;

    private static readonly long[] StepsMs =
        [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000];

    /// <param name="zoom">For a plot that is stretched by so much; x is that of the plot as it is.</param>
    public static IEnumerable<(double X, string Label)> Ticks(TimeScale scale, double zoom = 1)
    {
        var stepUs = Step(scale.PerSecond * zoom) * 1_000;
        var format = stepUs < SecondUs ? "HH:mm:ss.f" : "HH:mm:ss";
        var width = TextMeasure.Width("00:00:00.0", TextSize);
        var free = 0.0;
        foreach (var segment in scale.Segments.Where(segment => !segment.IsBreak))
        {
            foreach (var at in Times(segment, stepUs))
            {
                var x = scale.X(at);
                var left = (x * zoom) - (width / 2);
                if (left < free || (x * zoom) + (width / 2) > scale.Width * zoom)
                {
                    continue;
                }

                free = left + width + Apart;
                yield return (x, UnixTime.OfUs(at).ToString(format, CultureInfo.InvariantCulture));
            }
        }
    }

    // Between two breaks there may be no round time of this step: then the first one of the next finer step that there is.
    private static IEnumerable<long> Times(ScaleSegment segment, long stepUs)
    {
        var times = Candidates(segment, stepUs);
        return times.Any() ? times : StepsMs.Reverse().Select(step => step * 1_000).Where(step => step < stepUs && step >= SecondUs).Select(step => Candidates(segment, step).Take(1)).FirstOrDefault(found => found.Any()) ?? [];
    }

    private static IEnumerable<long> Candidates(ScaleSegment segment, long stepUs)
    {
        for (var at = (segment.Span.FromUs + stepUs - 1) / stepUs * stepUs; at < segment.Span.UntilUs; at += stepUs)
        {
            yield return at;
        }
    }

    private static long Step(double perSecond)
    {
        var least = TextMeasure.Width("00:00:00.0", TextSize) + Apart;
        return Array.Find(StepsMs, step => step / 1_000.0 * perSecond >= least) is > 0 and var found ? found : StepsMs[^1];
    }
}
