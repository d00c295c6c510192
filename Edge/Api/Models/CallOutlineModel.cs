using Mcptt.Domain.Audit.Stories;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>A call in a list of the journal's calls.</summary>
public sealed record CallOutlineModel
{
    public required string Call { get; init; }

    public string? GroupId { get; init; }

    public string? Originator { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndReason { get; init; }

    /// <summary>Who was in it.</summary>
    public required IReadOnlyList<string> Participants { get; init; }

    public static CallOutlineModel Of(CallStory story) =>
        new()
        {
            Call = story.Call,
            GroupId = Wire.OrNull(story.Group),
            Originator = Wire.OrNull(story.Originator),
            StartedAt = story.StartedUs == 0 ? null : UnixTime.OfUs(story.StartedUs),
            EndedAt = StoryModels.Time(story.EndedUs),
            EndReason = Wire.OrNull(story.EndReason),
            Participants = [.. story.Legs.Where(leg => leg.JoinedUs is not null).Select(leg => leg.User).Distinct(StringComparer.Ordinal)],
        };
}
