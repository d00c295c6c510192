using Mcptt.Domain.Audit.Stories;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>A call as the journal tells it. Times are UTC; what is absent did not happen, or not by the last event.</summary>
public sealed record StoryModel
{
    public required string Call { get; init; }

    public string? GroupId { get; init; }

    public string? SessionType { get; init; }

    public string? Originator { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndReason { get; init; }

    public required DateTimeOffset LastEventAt { get; init; }

    /// <summary>What kept a part of the history from being understood.</summary>
    public string? Fault { get; init; }

    public required IReadOnlyList<StoryLegModel> Legs { get; init; }

    public required IReadOnlyList<StoryBurstModel> Bursts { get; init; }

    public required IReadOnlyList<StoryWaitModel> Waits { get; init; }

    public required IReadOnlyList<StoryRefusalModel> Refusals { get; init; }

    public required IReadOnlyList<StoryRevokeModel> Revokes { get; init; }

    public required IReadOnlyList<StoryConditionModel> Conditions { get; init; }

    public required IReadOnlyList<StoryRecordingModel> Recordings { get; init; }

    public required IReadOnlyList<StoryMomentModel> Moments { get; init; }

    public static StoryModel Of(CallStory story) =>
        new()
        {
            Call = story.Call,
            GroupId = Wire.OrNull(story.Group),
            SessionType = story.SessionType == Protocol.Messages.SessionType.Unspecified ? null : SessionTypeNames.Name(story.SessionType),
            Originator = Wire.OrNull(story.Originator),
            StartedAt = story.StartedUs == 0 ? null : UnixTime.OfUs(story.StartedUs),
            EndedAt = StoryModels.Time(story.EndedUs),
            EndReason = Wire.OrNull(story.EndReason),
            LastEventAt = UnixTime.OfUs(story.LastUs),
            Fault = Wire.OrNull(story.Fault),
            Legs = [.. story.Legs.Select(StoryModels.Of)],
            Bursts = [.. story.Bursts.Select(burst => StoryModels.Of(story, burst))],
            Waits = [.. story.Waits.Select(StoryModels.Of)],
            Refusals = [.. story.Refusals.Select(StoryModels.Of)],
            Revokes = [.. story.Revokes.Select(StoryModels.Of)],
            Conditions = [.. story.Conditions.Select(StoryModels.Of)],
            Recordings = StoryModels.Recordings(story),
            Moments = [.. story.Moments.Select(StoryModels.Of)],
        };
}

public sealed record StoryLegModel
{
    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>originator, invited, lateEntry or joined.</summary>
    public required string Entry { get; init; }

    /// <summary>open, left, failed, refused or cancelled.</summary>
    public required string Outcome { get; init; }

    public string? Why { get; init; }

    public string? Clause { get; init; }

    public required DateTimeOffset InvitedAt { get; init; }

    /// <summary>Absent: it never was in the call.</summary>
    public DateTimeOffset? JoinedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public bool PlainPhone { get; init; }

    public bool ReceiveOnly { get; init; }

    public uint UserPriority { get; init; }

    /// <summary>Times in which it was sent no voice.</summary>
    public IReadOnlyList<StorySpanModel>? Deaf { get; init; }
}

public sealed record StorySpanModel
{
    public required DateTimeOffset From { get; init; }

    public DateTimeOffset? To { get; init; }

    public string? Why { get; init; }
}

public sealed record StoryBurstModel
{
    public int Number { get; init; }

    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    /// <summary>normal, imminent peril or emergency.</summary>
    public required string Class { get; init; }

    public uint Priority { get; init; }

    public bool FromQueue { get; init; }

    public bool Overriding { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Absent: no voice came.</summary>
    public DateTimeOffset? VoiceAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Of Floor Revoke (TS 24.380 8.2.10.2).</summary>
    public uint? RevokeCause { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndedBy { get; init; }

    public string? Clause { get; init; }

    /// <summary>Who could hear it, and when.</summary>
    public required IReadOnlyList<StoryHearingModel> CouldHear { get; init; }
}

public sealed record StoryHearingModel
{
    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public required IReadOnlyList<StorySpanModel> Times { get; init; }
}

public sealed record StoryWaitModel
{
    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public required DateTimeOffset From { get; init; }

    public DateTimeOffset? To { get; init; }

    public required string Class { get; init; }

    public uint Priority { get; init; }

    public bool Preemptive { get; init; }

    /// <summary>Its places in the queue, from when on.</summary>
    public required IReadOnlyList<StoryPlaceModel> Places { get; init; }

    public string? Outcome { get; init; }

    public bool Granted { get; init; }
}

public sealed record StoryPlaceModel
{
    public required DateTimeOffset From { get; init; }

    public int Place { get; init; }
}

public sealed record StoryRefusalModel
{
    public required DateTimeOffset At { get; init; }

    /// <summary>join, floor or authority.</summary>
    public required string Asked { get; init; }

    public uint? Leg { get; init; }

    public string? McpttId { get; init; }

    public string? ClientId { get; init; }

    public required string Why { get; init; }

    public string? Code { get; init; }

    public string? Clause { get; init; }

    /// <summary>Above 1: so many that are counted and not stored one by one.</summary>
    public uint Count { get; init; }
}

public sealed record StoryRevokeModel
{
    public required DateTimeOffset At { get; init; }

    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public uint Cause { get; init; }

    public required string Why { get; init; }

    public required string Clause { get; init; }

    /// <summary>Who pre-empted or asked for it.</summary>
    public string? By { get; init; }

    public DateTimeOffset? SilentAt { get; init; }
}

public sealed record StoryConditionModel
{
    public bool Emergency { get; init; }

    public required DateTimeOffset From { get; init; }

    public DateTimeOffset? To { get; init; }
}

public sealed record StoryRecordingModel
{
    /// <summary>Number of the burst; absent: none fits.</summary>
    public int? Burst { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>Absent: this speech is in no file.</summary>
    public string? File { get; init; }

    public string? Sha256 { get; init; }

    public ulong? Packets { get; init; }

    /// <summary>Packets that were forwarded and are not in the file; absent: not known.</summary>
    public ulong? Lost { get; init; }

    /// <summary>Why it is in no file, or no more.</summary>
    public string? Missing { get; init; }
}

public sealed record StoryMomentModel
{
    public required DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    public required string Sentence { get; init; }

    public string? McpttId { get; init; }

    public uint? Leg { get; init; }

    public string? Clause { get; init; }

    public required string PersistenceId { get; init; }

    public long SequenceNumber { get; init; }
}
