using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Short sayings of a story's parts.</summary>
public static class StorySummary
{
    /// <summary>"12 participants, 3 bursts with 31.2 s of voice, 2 waited, 1 was pre-empted, 1 was refused."</summary>
    public static string Of(CallStory story)
    {
        var participants = story.Legs.Where(leg => leg.JoinedUs is not null).Select(leg => leg.User).Distinct(StringComparer.Ordinal).Count();
        var voice = story.Bursts.Sum(burst => burst.FirstPacketUs is { } first ? (burst.EndedUs ?? story.UntilUs) - first : 0);
        var preempted = story.Revokes.Count(revoke => revoke.Cause == (uint)Protocol.Floor.FloorRevokeCause.MediaBurstPreempted);
        List<string> parts =
        [
            Words.Count(participants, "participant"),
            story.Bursts.Length == 0 ? "nobody talked" : $"{Words.Count(story.Bursts.Length, "burst")} with {StoryClock.Length(voice)} of voice",
        ];
        Add(parts, story.Waits.Length, "waited for the floor");
        Add(parts, preempted, "pre-empted");
        Add(parts, story.Refusals.Where(refusal => refusal.Asked == StoryAsked.Join).Sum(refusal => (long)refusal.Count), "refused the call");
        Add(parts, story.Refusals.Count(refusal => refusal.Asked == StoryAsked.Floor), "denied the floor");
        return string.Join(", ", parts) + ".";
    }

    public static string PhoneOf(StoryLeg leg) => (leg.IsPlainPhone ? "plain phone" : "MCPTT client") + (leg.ReceiveOnly ? ", listens only" : "");

    public static string EntryOf(StoryLeg leg) =>
        leg.Entry switch
        {
            StoryEntry.Originator => "called the group",
            StoryEntry.Invited => "invited",
            StoryEntry.LateEntry => "late entry",
            _ => "called into the call",
        };

    public static string TalkerOf(StoryBurst burst) =>
        burst.User
        + (burst.Class == FloorRequestClass.Normal ? "" : $" ({BurstWords.OfClass(burst.Class)})")
        + (burst.Overriding ? " (over the other)" : "");

    public static string RankOf(FloorRequestClass rank, uint priority) =>
        rank is FloorRequestClass.Emergency or FloorRequestClass.ImminentPeril ? $"{BurstWords.OfClass(rank)}, priority {priority}" : $"priority {priority}";

    public static string EndOf(StoryBurst burst) =>
        burst.Why + (burst.RevokedUs is null ? "" : $", after Floor Revoke cause {burst.RevokeCause} ({FloorCauseWords.OfRevoke(burst.RevokeCause)})");

    /// <summary>
    /// "11 of 11", or with whom it was not from beginning to end: "11 of 12; bob from 14:03:05.100; carol not (on hold)".
    /// </summary>
    public static string HearersOf(CallStory story, StoryBurst burst)
    {
        if (burst.FirstPacketUs is not { } first)
        {
            return "nothing was said";
        }

        var span = new StorySpan(first, burst.EndedUs ?? story.UntilUs);
        var hearers = story.HearersOf(burst).ToList();
        var present = story.Legs.Where(leg => leg.Leg != burst.Leg && leg.JoinedUs < span.UntilUs && (leg.EndedUs is null || leg.EndedUs > span.FromUs)).ToList();
        var parts = new List<string> { $"{hearers.Count} of {present.Count}" };
        parts.AddRange(hearers.Where(hearing => hearing.Spans is not [var only] || only != span).Select(hearing => $"{hearing.User} {SpansOf(hearing, span)}"));
        parts.AddRange(present.Where(leg => hearers.TrueForAll(hearing => hearing.Leg != leg.Leg)).Select(leg => $"{leg.User} not ({WhyDeaf(leg)})"));
        return string.Join("; ", parts);
    }

    private static string SpansOf(StoryHearing hearing, StorySpan burst) =>
        string.Join(
            " and ",
            hearing.Spans.Select(span =>
                span.FromUs == burst.FromUs ? $"until {StoryClock.Time(span.UntilUs)}"
                : span.UntilUs == burst.UntilUs ? $"from {StoryClock.Time(span.FromUs)}"
                : $"{StoryClock.Time(span.FromUs)} to {StoryClock.Time(span.UntilUs)}"));

    private static string WhyDeaf(StoryLeg leg) => leg.Deaf.IsEmpty ? "no voice was sent to it" : leg.Deaf[^1].Why;

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
        {
            parts.Add($"{count} {what}");
        }
    }
}
