using System.Collections.Immutable;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Where everything of a call stands in its picture, in the coordinates of the plot.</summary>
internal sealed class TimelineLayout
{
    private const double NarrowestPlot = 960;

    /// <summary>A picture of a long call grows up to here; what then is too short for its scale is drawn at its least width.</summary>
    private const double WidestPlot = 5_000;
    private const double WantedPerSecond = 4;

    private const double LeastBar = 3;
    private const long LeastMarginUs = 250_000;
    private const long MostMarginUs = 2_000_000;
    private const double MarginShare = 0.015;

    private TimelineLayout(CallStory story)
    {
        Story = story;
        Lanes = TimelineLane.Of(story);
        Scale = ScaleOf(story);
        Bars = [.. TimelineBars.Of(this)];
        Marks = TimelineMarks.Of(this);
        Heard = [.. HeardOf()];
        Bands = [.. story.Conditions.Select(BandOf)];
    }

    public CallStory Story { get; }

    public ImmutableArray<TimelineLane> Lanes { get; }

    public TimeScale Scale { get; }

    public ImmutableArray<TimelineBar> Bars { get; }

    public ImmutableArray<TimelineMark> Marks { get; }

    public ImmutableArray<TimelineHearing> Heard { get; }

    public ImmutableArray<TimelineBand> Bands { get; }

    public static TimelineLayout Of(CallStory story) => new(story);

    /// <summary>-1: it has none.</summary>
    public int LaneOf(uint leg)
    {
        for (var lane = 0; lane < Lanes.Length; lane++)
        {
            if (Lanes[lane].Has(leg))
            {
                return lane;
            }
        }

        return -1;
    }

    public TimelineBar Bar(TimelineBarKind kind, int lane, StorySpan span, string title, string label = "")
    {
        var (x, width, trueWidth) = Place(span);
        return new TimelineBar(kind, lane, x, width, span, title, label) { TrueWidth = trueWidth };
    }

    private (double X, double Width, double TrueWidth) Place(StorySpan span)
    {
        var from = Scale.X(span.FromUs);
        var trueWidth = Math.Max(0, Scale.X(span.UntilUs) - from);
        var width = Math.Min(Math.Max(LeastBar, trueWidth), Scale.Width);
        return (Math.Min(from, Scale.Width - width), width, trueWidth);
    }

    private IEnumerable<TimelineHearing> HeardOf() =>
        from burst in Story.Bursts
        from hearing in Story.HearersOf(burst)
        let lane = LaneOf(hearing.Leg)
        where lane >= 0
        from span in hearing.Spans
        let place = Place(span)
        select new TimelineHearing(lane, place.X, place.Width);

    private TimelineBand BandOf(StoryCondition condition)
    {
        var label = condition.Emergency ? "emergency" : "imminent peril";
        var span = new StorySpan(condition.FromUs, condition.UntilUs ?? Story.UntilUs);
        var (x, width, _) = Place(span);
        return new TimelineBand(x, width, label, $"{label} from {StoryClock.Time(span.FromUs)} until {StoryClock.Time(span.UntilUs)} (TS 24.380 6.3.5.4.8)");
    }

    // Everything that a person would look for keeps some room around it.
    private static TimeScale ScaleOf(CallStory story)
    {
        var moments = Moments(story).ToList();
        var spans = story.Bursts.Select(burst => new StorySpan(burst.AskedUs, burst.EndedUs ?? story.UntilUs))
            .Concat(story.Waits.Select(wait => new StorySpan(wait.FromUs, wait.UntilUs ?? story.UntilUs)))
            .Concat(story.Revokes.Select(revoke => new StorySpan(revoke.TimeUs, revoke.UntilUs ?? story.UntilUs)))
            .ToList();
        var first = moments.Concat(spans.Select(span => span.FromUs)).Append(story.StartedUs == 0 ? story.UntilUs : story.StartedUs).Min();
        var last = moments.Concat(spans.Select(span => span.UntilUs)).Append(story.UntilUs).Max();
        var busyUs = spans.Sum(span => Math.Max(0, span.LengthUs));
        var marginUs = Math.Clamp((long)(Math.Min(busyUs == 0 ? last - first : busyUs, last - first) * MarginShare), LeastMarginUs, MostMarginUs);
        var busy = spans.Concat(moments.Append(first).Append(last).Select(at => new StorySpan(at, at))).Select(span => new StorySpan(span.FromUs - marginUs, span.UntilUs + marginUs));
        return TimeScale.Of(busy, new StorySpan(first - marginUs, last + marginUs), NarrowestPlot, WidestPlot, WantedPerSecond);
    }

    private static IEnumerable<long> Moments(CallStory story) =>
        story.Legs.SelectMany(leg => new[] { leg.FromUs, leg.JoinedUs ?? leg.FromUs, leg.EndedUs ?? leg.FromUs })
            .Concat(story.Legs.SelectMany(leg => leg.Deaf).SelectMany(deaf => new[] { deaf.FromUs, deaf.UntilUs ?? deaf.FromUs }))
            .Concat(story.Refusals.Select(refusal => refusal.TimeUs))
            .Concat(story.Conditions.SelectMany(condition => new[] { condition.FromUs, condition.UntilUs ?? condition.FromUs }));
}
