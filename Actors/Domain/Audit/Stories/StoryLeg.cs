using System.Collections.Immutable;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>How a client came to the call.</summary>
public enum StoryEntry
{
    /// <summary>Its INVITE made the call.</summary>
    Originator,

    /// <summary>The call invited it when it began.</summary>
    Invited,

    /// <summary>The call invited it later, because it affiliated during the call (TS 24.379 10.1.1.4.6).</summary>
    LateEntry,

    /// <summary>By its own INVITE to a call under way.</summary>
    Joined,
}

/// <summary>Where a leg's history ended.</summary>
public enum StoryOutcome
{
    /// <summary>By the last event it was still being invited, or in the call.</summary>
    Open,

    /// <summary>It was in the call and left it.</summary>
    Left,

    /// <summary>It was invited and never came.</summary>
    Failed,

    /// <summary>Its INVITE was refused.</summary>
    Refused,

    /// <summary>The invitation was taken back.</summary>
    Cancelled,
}

/// <summary>One SIP leg of a call: a client of a user, from its first INVITE to its last word.</summary>
public sealed record StoryLeg
{
    public required uint Leg { get; init; }

    public string User { get; init; } = "";

    public string Client { get; init; } = "";

    public StoryEntry Entry { get; init; }

    /// <summary>Of its INVITE, or of ours to it.</summary>
    public long FromUs { get; init; }

    /// <summary>When it was in the call; null: never.</summary>
    public long? JoinedUs { get; init; }

    public long? EndedUs { get; init; }

    public StoryOutcome Outcome { get; init; }

    /// <summary>Why it ended, in words; empty while it has not.</summary>
    public string Why { get; init; } = "";

    public string Clause { get; init; } = "";

    /// <summary>A plain SIP phone: no floor messages, its voice speaks for it.</summary>
    public bool IsPlainPhone { get; init; }

    public bool ReceiveOnly { get; init; }

    public uint Priority { get; init; }

    /// <summary>When it was in the call and could hear nothing: on hold, or at its own wish.</summary>
    public ImmutableArray<StoryDeafness> Deaf { get; init; } = [];

    public bool IsInCallAt(long timeUs) => JoinedUs <= timeUs && (EndedUs is null || timeUs < EndedUs);

    public bool HearsAt(long timeUs) => IsInCallAt(timeUs) && !Deaf.Any(deaf => deaf.FromUs <= timeUs && (deaf.UntilUs is null || timeUs < deaf.UntilUs));

    /// <summary>The parts of a span in which it could hear.</summary>
    public ImmutableArray<StorySpan> HearsIn(StorySpan span, long untilUs)
    {
        if (JoinedUs is not { } joined || new StorySpan(joined, EndedUs ?? Math.Max(untilUs, span.UntilUs)).And(span) is not { } present)
        {
            return [];
        }

        var hears = new List<StorySpan> { present };
        foreach (var deaf in Deaf)
        {
            var without = new StorySpan(deaf.FromUs, deaf.UntilUs ?? long.MaxValue);
            hears = [.. hears.SelectMany(part => Except(part, without))];
        }

        return [.. hears];
    }

    private static IEnumerable<StorySpan> Except(StorySpan part, StorySpan without)
    {
        if (part.And(without) is not { } hole)
        {
            yield return part;
            yield break;
        }

        if (part.FromUs < hole.FromUs)
        {
            yield return part with { UntilUs = hole.FromUs };
        }

        if (hole.UntilUs < part.UntilUs)
        {
            yield return part with { FromUs = hole.UntilUs };
        }
    }
}

/// <summary>A time in which a leg was sent no voice, and why.</summary>
public sealed record StoryDeafness(long FromUs, long? UntilUs, string Why);
