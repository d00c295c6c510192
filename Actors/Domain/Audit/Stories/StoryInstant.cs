using System.Collections.Immutable;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>
/// A call as it stood at one moment, and what happened in the time after it that the question means: "at 14:03:07" means that second.
/// </summary>
public sealed record StoryInstant
{
    public required long TimeUs { get; init; }

    public required long UntilUs { get; init; }

    /// <summary>"before the call", "under way", "over".</summary>
    public string Phase { get; init; } = "";

    public ImmutableArray<StoryLeg> InCall { get; init; } = [];

    public ImmutableArray<StoryTalk> Talkers { get; init; } = [];

    public ImmutableArray<StoryWait> Waiting { get; init; } = [];

    public StoryCondition? Condition { get; init; }

    /// <summary>Refused in that time.</summary>
    public ImmutableArray<StoryRefusal> Refused { get; init; } = [];

    /// <summary>Everything that happened in that time.</summary>
    public ImmutableArray<StoryMoment> Happened { get; init; } = [];

    public static StoryInstant Of(CallStory story, StorySpan asked)
    {
        var at = asked.FromUs;
        var isUnderWay = story.StartedUs <= at && (story.EndedUs is null || at < story.EndedUs);
        return new StoryInstant
        {
            TimeUs = at,
            UntilUs = asked.UntilUs,
            Phase = at < story.StartedUs ? "before the call" : isUnderWay ? "under way" : "over",
            InCall = [.. story.Legs.Where(leg => leg.IsInCallAt(at))],
            Talkers = [.. story.Bursts.Where(burst => burst.HasFloorAt(at)).Select(burst => TalkOf(story, burst, at))],
            Waiting = [.. story.Waits.Where(wait => wait.WaitsAt(at)).OrderBy(wait => wait.PositionAt(at))],
            Condition = story.Conditions.FirstOrDefault(condition => condition.FromUs <= at && (condition.UntilUs is null || at < condition.UntilUs)),
            Refused = [.. story.Refusals.Where(refusal => asked.Contains(refusal.TimeUs))],
            Happened = [.. story.Moments.Where(moment => asked.Contains(moment.TimeUs))],
        };
    }

    private static StoryTalk TalkOf(CallStory story, StoryBurst burst, long at) =>
        new(
            burst,
            burst.FirstPacketUs <= at,
            [.. story.Legs.Where(leg => leg.Leg != burst.Leg && leg.HearsAt(at))],
            [.. story.Legs.Where(leg => leg.Leg != burst.Leg && leg.IsInCallAt(at) && !leg.HearsAt(at))]);
}

/// <summary>Who had the floor at a moment, whether voice had come, who could hear it, and who was in the call and could not.</summary>
public sealed record StoryTalk(StoryBurst Burst, bool Speaks, ImmutableArray<StoryLeg> Hearers, ImmutableArray<StoryLeg> Deaf);
