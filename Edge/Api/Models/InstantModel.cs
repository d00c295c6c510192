using Mcptt.Domain.Audit.Stories;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>A call at one moment, and what happened in the time that the question meant.</summary>
public sealed record InstantModel
{
    public required string Call { get; init; }

    public string? GroupId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>"before the call", "under way" or "over".</summary>
    public required string Phase { get; init; }

    /// <summary>emergency or imminent peril; absent: neither.</summary>
    public string? Condition { get; init; }

    public required IReadOnlyList<StoryLegModel> InCall { get; init; }

    public required IReadOnlyList<TalkModel> Talkers { get; init; }

    public required IReadOnlyList<StoryWaitModel> Waiting { get; init; }

    public required IReadOnlyList<StoryRefusalModel> Refused { get; init; }

    public required IReadOnlyList<StoryMomentModel> Happened { get; init; }

    public static InstantModel Of(CallStory story, StoryInstant instant) =>
        new()
        {
            Call = story.Call,
            GroupId = Wire.OrNull(story.Group),
            At = UnixTime.OfUs(instant.TimeUs),
            Until = UnixTime.OfUs(instant.UntilUs),
            Phase = instant.Phase,
            Condition = instant.Condition switch
            {
                null => null,
                { Emergency: true } => "emergency",
                _ => "imminent peril",
            },
            InCall = [.. instant.InCall.Select(StoryModels.Of)],
            Talkers =
            [
                .. instant.Talkers.Select(talk => new TalkModel
                {
                    Burst = talk.Burst.Number,
                    McpttId = talk.Burst.User,
                    Speaks = talk.Speaks,
                    CouldHear = [.. talk.Hearers.Select(leg => leg.User)],
                    CouldNotHear = [.. talk.Deaf.Select(leg => leg.User)],
                }),
            ],
            Waiting = [.. instant.Waiting.Select(StoryModels.Of)],
            Refused = [.. instant.Refused.Select(StoryModels.Of)],
            Happened = [.. instant.Happened.Select(StoryModels.Of)],
        };
}

public sealed record TalkModel
{
    public int Burst { get; init; }

    public required string McpttId { get; init; }

    /// <summary>False: it had the floor, and no voice had come yet.</summary>
    public bool Speaks { get; init; }

    public required IReadOnlyList<string> CouldHear { get; init; }

    public required IReadOnlyList<string> CouldNotHear { get; init; }
}
