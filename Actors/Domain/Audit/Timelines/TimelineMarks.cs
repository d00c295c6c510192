using System.Collections.Immutable;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>The moments of a picture.</summary>
internal static class TimelineMarks
{
    /// <summary>Half the width of a mark: none stands nearer to an edge.</summary>
    public const double HalfWidth = 7;

    /// <summary>Marks of one kind and lane that are nearer than this are one.</summary>
    private const double Apart = 8;

    /// <summary>Sayings of a mark that stands for several; the rest is counted.</summary>
    private const int SpeltTitles = 6;

    public static ImmutableArray<TimelineMark> Of(TimelineLayout layout)
    {
        var marks = Legs(layout).Concat(Refusals(layout)).Concat(Revokes(layout)).Concat(Preemptions(layout));
        return [.. marks.GroupBy(mark => (mark.Kind, mark.Lane)).SelectMany(Join).OrderBy(mark => mark.Lane).ThenBy(mark => mark.X)];
    }

    private static IEnumerable<TimelineMark> Legs(TimelineLayout layout)
    {
        for (var lane = 0; lane < layout.Lanes.Length; lane++)
        {
            foreach (var leg in layout.Lanes[lane].Legs)
            {
                if (leg is { Entry: StoryEntry.LateEntry or StoryEntry.Joined, JoinedUs: { } joined })
                {
                    yield return At(layout, TimelineMarkKind.LateEntry, lane, joined, $"{leg.User} came to the call under way: {StorySummary.EntryOf(leg)} (TS 24.379 10.1.1.4.6)");
                }

                if (leg is { EndedUs: { } ended, Outcome: StoryOutcome.Left } && ended < layout.Story.UntilUs)
                {
                    yield return At(layout, TimelineMarkKind.Left, lane, ended, $"{leg.User} left: {leg.Why}{Clause(leg.Clause)}");
                }

                if (leg is { EndedUs: { } never, Outcome: StoryOutcome.Failed or StoryOutcome.Cancelled })
                {
                    yield return At(layout, TimelineMarkKind.Failed, lane, never, $"{leg.User} did not come: {leg.Why}{Clause(leg.Clause)}");
                }
            }
        }
    }

    private static IEnumerable<TimelineMark> Refusals(TimelineLayout layout)
    {
        foreach (var refusal in layout.Story.Refusals)
        {
            var kind = refusal.Asked == StoryAsked.Join ? TimelineMarkKind.Refused : TimelineMarkKind.Denied;
            for (var lane = 0; lane < layout.Lanes.Length; lane++)
            {
                if (layout.Lanes[lane].Has(refusal))
                {
                    var code = refusal.Code.Length > 0 ? $" ({refusal.Code})" : "";
                    yield return At(layout, kind, lane, refusal.TimeUs, $"{refusal.User} was refused: {refusal.Words}{code}{Clause(refusal.Clause)}");
                    break;
                }
            }
        }
    }

    private static IEnumerable<TimelineMark> Revokes(TimelineLayout layout)
    {
        foreach (var revoke in layout.Story.Revokes)
        {
            if (layout.LaneOf(revoke.Leg) is >= 0 and var lane)
            {
                var forWhom = revoke.ByUser.Length > 0 ? $" for {revoke.ByUser}" : "";
                yield return At(layout, TimelineMarkKind.Revoked, lane, revoke.TimeUs, $"{revoke.User} was told to stop{forWhom}: {revoke.Words}, Floor Revoke cause {revoke.Cause} ({revoke.Clause})");
            }
        }
    }

    private static IEnumerable<TimelineMark> Preemptions(TimelineLayout layout)
    {
        foreach (var wait in layout.Story.Waits.Where(wait => wait.Preemptive))
        {
            if (layout.LaneOf(wait.Leg) is >= 0 and var lane)
            {
                yield return At(layout, TimelineMarkKind.Preempts, lane, wait.FromUs, $"{wait.User} takes the floor from another: {StorySummary.RankOf(wait.Class, wait.Priority)} (TS 24.380 6.3.4.4.7)");
            }
        }
    }

    private static TimelineMark At(TimelineLayout layout, TimelineMarkKind kind, int lane, long timeUs, string title) =>
        new(kind, lane, Math.Clamp(layout.Scale.X(timeUs), HalfWidth, layout.Scale.Width - HalfWidth), $"{StoryClock.Time(timeUs)} {title}");

    private static IEnumerable<TimelineMark> Join(IEnumerable<TimelineMark> marks)
    {
        var open = new List<TimelineMark>();
        foreach (var mark in marks.OrderBy(mark => mark.X))
        {
            if (open.Count > 0 && mark.X - open[0].X > Apart)
            {
                yield return One(open);
                open.Clear();
            }

            open.Add(mark);
        }

        if (open.Count > 0)
        {
            yield return One(open);
        }
    }

    private static TimelineMark One(List<TimelineMark> marks)
    {
        var rest = marks.Count > SpeltTitles ? $"\n... and {marks.Count - SpeltTitles} more" : "";
        return marks[0] with { Count = marks.Count, Title = string.Join('\n', marks.Take(SpeltTitles).Select(mark => mark.Title)) + rest };
    }

    private static string Clause(string clause) => clause.Length > 0 ? $" ({clause})" : "";
}
