using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>The bars of a picture, those at the back first.</summary>
internal static class TimelineBars
{
    public static IEnumerable<TimelineBar> Of(TimelineLayout layout) =>
        [.. Presence(layout), .. Waits(layout), .. Bursts(layout), .. Unpermitted(layout), .. NotRecorded(layout)];

    private static IEnumerable<TimelineBar> Presence(TimelineLayout layout)
    {
        var until = layout.Story.UntilUs;
        for (var lane = 0; lane < layout.Lanes.Length; lane++)
        {
            foreach (var leg in layout.Lanes[lane].Legs)
            {
                var ringing = new StorySpan(leg.FromUs, leg.JoinedUs ?? leg.EndedUs ?? until);
                yield return layout.Bar(TimelineBarKind.Ringing, lane, ringing, $"{leg.User}, leg {leg.Leg}: {StorySummary.EntryOf(leg)} at {StoryClock.Time(leg.FromUs)}");
                if (leg.JoinedUs is not { } joined)
                {
                    continue;
                }

                yield return layout.Bar(TimelineBarKind.InCall, lane, new StorySpan(joined, leg.EndedUs ?? until), Title(leg));
                foreach (var deaf in leg.Deaf)
                {
                    var span = new StorySpan(deaf.FromUs, deaf.UntilUs ?? leg.EndedUs ?? until);
                    yield return layout.Bar(TimelineBarKind.Deaf, lane, span, $"{leg.User} hears nothing from {Times(span)}: {deaf.Why}");
                }
            }
        }
    }

    private static IEnumerable<TimelineBar> Waits(TimelineLayout layout)
    {
        foreach (var wait in layout.Story.Waits)
        {
            if (layout.LaneOf(wait.Leg) is >= 0 and var lane)
            {
                var span = new StorySpan(wait.FromUs, wait.UntilUs ?? layout.Story.UntilUs);
                var places = wait.Positions.IsEmpty ? "nobody else was in the call yet" : "place " + string.Join(", then ", wait.Positions.Select(position => position.Position));
                var title = $"{wait.User} waits for the floor from {Times(span)} ({StoryClock.Length(span.LengthUs)}): {StorySummary.RankOf(wait.Class, wait.Priority)}"
                    + $"{(wait.Preemptive ? ", pre-empts" : "")}, {places}; {wait.Outcome} (TS 24.380 6.3.4.4)";
                yield return layout.Bar(TimelineBarKind.Waiting, lane, span, title, string.Join("→", wait.Positions.Select(position => position.Position)));
            }
        }
    }

    private static IEnumerable<TimelineBar> Bursts(TimelineLayout layout)
    {
        foreach (var burst in layout.Story.Bursts)
        {
            if (layout.LaneOf(burst.Leg) is >= 0 and var lane)
            {
                foreach (var bar in Of(layout, burst, lane))
                {
                    yield return bar;
                }
            }
        }
    }

    private static IEnumerable<TimelineBar> Of(TimelineLayout layout, StoryBurst burst, int lane)
    {
        var ended = burst.EndedUs ?? layout.Story.UntilUs;
        var title = Title(layout.Story, burst);
        var voice = Math.Min(burst.FirstPacketUs ?? ended, ended);
        if (burst.GrantedUs < voice || burst.FirstPacketUs is null)
        {
            yield return layout.Bar(TimelineBarKind.Granted, lane, new StorySpan(burst.GrantedUs, voice), title);
        }

        if (burst.FirstPacketUs is not { } first)
        {
            yield break;
        }

        var revoked = Math.Max(burst.RevokedUs ?? ended, first);
        yield return layout.Bar(TimelineBarKind.Voice, lane, new StorySpan(first, ended), title, $"{burst.Number} · {StoryClock.Length(ended - first)}");
        if (revoked < ended)
        {
            yield return layout.Bar(TimelineBarKind.Stopping, lane, new StorySpan(revoked, ended), title);
        }
    }

    private static IEnumerable<TimelineBar> Unpermitted(TimelineLayout layout)
    {
        foreach (var revoke in layout.Story.Revokes.Where(revoke => revoke.Cause == (uint)Protocol.Floor.FloorRevokeCause.NoPermissionToSend))
        {
            if (layout.LaneOf(revoke.Leg) is >= 0 and var lane)
            {
                var span = new StorySpan(revoke.TimeUs, revoke.UntilUs ?? layout.Story.UntilUs);
                yield return layout.Bar(TimelineBarKind.Unpermitted, lane, span, $"{revoke.User} sends voice without the floor from {Times(span)}; nobody hears it ({revoke.Clause})");
            }
        }
    }

    private static IEnumerable<TimelineBar> NotRecorded(TimelineLayout layout)
    {
        foreach (var gap in layout.Story.Gaps)
        {
            if (layout.LaneOf(gap.Leg) is >= 0 and var lane)
            {
                var span = new StorySpan(gap.FromUs, gap.UntilUs);
                yield return layout.Bar(TimelineBarKind.NotRecorded, lane, span, $"not recorded from {Times(span)}: {gap.Why}");
            }
        }
    }

    private static string Title(StoryLeg leg) =>
        $"{leg.User}, leg {leg.Leg}, {StorySummary.PhoneOf(leg)}, {StorySummary.EntryOf(leg)}: in the call from {StoryClock.Time(leg.JoinedUs)}"
        + (leg.EndedUs is null ? "" : $" until {StoryClock.Time(leg.EndedUs)}: {leg.Why}{Clause(leg.Clause)}");

    private static string Title(CallStory story, StoryBurst burst) =>
        $"burst {burst.Number}: {StorySummary.TalkerOf(burst)}, {StorySummary.RankOf(burst.Class, burst.Priority)}; asked {StoryClock.Time(burst.AskedUs)}, "
        + $"granted {StoryClock.Time(burst.GrantedUs)}{(burst.FromQueue ? " from the queue" : "")} (TS 24.380 6.3.4.4.2), "
        + (burst.FirstPacketUs is { } first ? $"voice from {StoryClock.Time(first)}" : "no voice came")
        + (burst.EndedUs is { } ended ? $", until {StoryClock.Time(ended)}: {StorySummary.EndOf(burst)}{Clause(burst.Clause)}" : ", not over by the last event")
        + (burst.FirstPacketUs is null ? "" : $"; could hear: {StorySummary.HearersOf(story, burst)}");

    private static string Times(StorySpan span) => $"{StoryClock.Time(span.FromUs)} until {StoryClock.Time(span.UntilUs)}";

    private static string Clause(string clause) => clause.Length > 0 ? $" ({clause})" : "";
}
