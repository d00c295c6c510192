using System.Collections.Immutable;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>The answer to "who could hear whom, who asked, who was refused and why, at 14:03:07".</summary>
public static class InstantTables
{
    public static IEnumerable<StoryTable> Of(CallStory story, StoryInstant instant)
    {
        yield return StoryTable.OfLines($"The call at {StoryClock.Full(instant.TimeUs)}", Lines(story, instant));
        if (instant.Talkers.Length > 0)
        {
            yield return Talkers(instant);
        }

        if (instant.Waiting.Length > 0)
        {
            yield return Waiting(instant);
        }

        if (instant.InCall.Length > 0)
        {
            yield return InCall(instant);
        }

        var until = $"until {StoryClock.Time(instant.UntilUs)}";
        if (instant.Refused.Length > 0)
        {
            yield return StoryTables.Refusals($"Refused {until}", instant.Refused);
        }

        if (instant.Happened.Length > 0)
        {
            yield return new StoryTable($"What happened {until}", ["TIME", "WHAT HAPPENED", "CLAUSE"], [.. instant.Happened.Select(StoryTables.Row)]);
        }
    }

    private static IEnumerable<string> Lines(CallStory story, StoryInstant instant)
    {
        yield return instant.Phase switch
        {
            "under way" => $"Call {story.Call} of {story.Group} was under way for {StoryClock.Length(instant.TimeUs - story.StartedUs)}, with {Words.Count(instant.InCall.Length, "leg")} in it.",
            "over" => $"Call {story.Call} of {story.Group} was over: it had ended {StoryClock.Full(story.UntilUs)}.",
            _ => $"Call {story.Call} of {story.Group} had not begun: it began {StoryClock.Full(story.StartedUs)}.",
        };
        if (instant.Condition is { } condition)
        {
            yield return $"It was in {(condition.Emergency ? "an emergency" : "imminent peril")} since {StoryClock.Time(condition.FromUs)}.";
        }

        if (instant is { Phase: "under way", Talkers.Length: 0 })
        {
            yield return "Nobody had the floor.";
        }
    }

    private static StoryTable Talkers(StoryInstant instant) =>
        new(
            "Who talked, and who could hear it",
            ["#", "TALKER", "GRANTED", "VOICE", "COULD HEAR", "COULD NOT"],
            [
                .. instant.Talkers.Select(talk => ImmutableArray.Create(
                    $"{talk.Burst.Number}",
                    StorySummary.TalkerOf(talk.Burst),
                    StoryClock.Time(talk.Burst.GrantedUs),
                    talk.Speaks ? $"since {StoryClock.Time(talk.Burst.FirstPacketUs)}" : "not yet",
                    Users(talk.Hearers),
                    Users(talk.Deaf))),
            ]);

    private static StoryTable Waiting(StoryInstant instant) =>
        new(
            "Who waited for the floor",
            ["PLACE", "WHO", "SINCE", "RANK"],
            [
                .. instant.Waiting.Select(wait => ImmutableArray.Create(
                    wait.PositionAt(instant.TimeUs) is > 0 and var place ? $"{place}" : "",
                    wait.User,
                    StoryClock.Time(wait.FromUs),
                    StorySummary.RankOf(wait.Class, wait.Priority) + (wait.Preemptive ? ", pre-empts" : ""))),
            ]);

    private static StoryTable InCall(StoryInstant instant) =>
        new(
            "Who was in the call",
            ["LEG", "USER", "PHONE", "IN SINCE", "HEARD"],
            [
                .. instant.InCall.Select(leg => ImmutableArray.Create(
                    $"{leg.Leg}",
                    leg.User,
                    StorySummary.PhoneOf(leg),
                    StoryClock.Time(leg.JoinedUs),
                    Heard(instant, leg))),
            ]);

    private static string Heard(StoryInstant instant, StoryLeg leg)
    {
        var talkers = instant.Talkers.Where(talk => talk.Burst.Leg != leg.Leg).Select(talk => talk.Burst.User).ToList();
        return !leg.HearsAt(instant.TimeUs) ? "nobody: " + leg.Deaf[^1].Why : talkers.Count == 0 ? "" : string.Join(", ", talkers);
    }

    private static string Users(ImmutableArray<StoryLeg> legs) => legs.IsEmpty ? "nobody" : string.Join(", ", legs.Select(leg => leg.User));
}
