using Mcptt.Load.Measuring;

namespace Mcptt.Load.Reporting;

/// <summary>A part of a run: all that was judged, or only what was new between two moments, in seconds since it began.</summary>
public sealed record ReportPart(LoadReport Report, double? From = null, double? To = null)
{
    /// <summary>Milliseconds of one measure; null: nothing of it in this part.</summary>
    public LatencyReport? Latency(MeasureKind kind)
    {
        if (From is null)
        {
            return Report.Measures.GetValueOrDefault(MeasureNames.Of(kind));
        }

        var counts = Samples.Select(sample => sample.Latency(kind)?.ToCounts()).OfType<LatencyCounts>().Aggregate(LatencyCounts.Empty, (sum, one) => sum.Plus(one));
        return counts.Count == 0 ? null : LatencyReport.Of(counts, withBuckets: false);
    }

    public long Count(CountKind kind) => From is null ? Report.Counts.GetValueOrDefault(MeasureNames.Of(kind)) : Samples.Sum(sample => sample.Count(kind));

    private IEnumerable<LoadSample> Samples => Report.Samples.Where(sample => sample.Seconds > From && sample.Seconds <= To + (Report.IntervalSeconds / 2));
}

/// <summary>Two runs, or two parts of one, side by side: what became of times and counts.</summary>
public static class ReportComparison
{
    /// <summary>Rows of measure, figure, before, after; those that neither has are left out.</summary>
    public static IEnumerable<ComparedFigure> Of(ReportPart before, ReportPart after)
    {
        foreach (var kind in Enum.GetValues<MeasureKind>())
        {
            var (one, two) = (before.Latency(kind), after.Latency(kind));
            if (one is null && two is null)
            {
                continue;
            }

            yield return new ComparedFigure(MeasureNames.Of(kind), "count", one?.Count, two?.Count);
            yield return new ComparedFigure(MeasureNames.Of(kind), "p50 ms", one?.P50, two?.P50);
            yield return new ComparedFigure(MeasureNames.Of(kind), "p99 ms", one?.P99, two?.P99);
            yield return new ComparedFigure(MeasureNames.Of(kind), "max ms", one?.Max, two?.Max);
        }

        foreach (var kind in Enum.GetValues<CountKind>())
        {
            var (one, two) = (before.Count(kind), after.Count(kind));
            if (one != 0 || two != 0)
            {
                yield return new ComparedFigure(MeasureNames.Of(kind), "", one, two);
            }
        }
    }
}

public sealed record ComparedFigure(string Name, string Figure, double? Before, double? After)
{
    /// <summary>After by before; null where it cannot be said.</summary>
    public double? Ratio => Before is > 0 && After is not null ? After / Before : null;
}
