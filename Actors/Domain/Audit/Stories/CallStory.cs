using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>
/// What the journal knows of one call, put together from the events of the call, of its floor and of its group: who was in it, who talked, who
/// could hear it, who waited, who was refused and why. Times are microseconds since 1970 in UTC; a null end means "not by the last event".
/// </summary>
public sealed record CallStory
{
    public required string Call { get; init; }

    public string Group { get; init; } = "";

    public SessionType SessionType { get; init; }

    /// <summary>MCPTT ID of who called.</summary>
    public string Originator { get; init; } = "";

    public long StartedUs { get; init; }

    public long? EndedUs { get; init; }

    public string EndReason { get; init; } = "";

    /// <summary>Of the last event that was read.</summary>
    public long LastUs { get; init; }

    public CallRules? Rules { get; init; }

    public ImmutableArray<StoryLeg> Legs { get; init; } = [];

    public ImmutableArray<StoryBurst> Bursts { get; init; } = [];

    public ImmutableArray<StoryWait> Waits { get; init; } = [];

    public ImmutableArray<StoryRefusal> Refusals { get; init; } = [];

    public ImmutableArray<StoryRevoke> Revokes { get; init; } = [];

    public ImmutableArray<StoryCondition> Conditions { get; init; } = [];

    public ImmutableArray<StoryRecording> Recordings { get; init; } = [];

    public ImmutableArray<StoryGap> Gaps { get; init; } = [];

    /// <summary>Every event in words, in the order of time.</summary>
    public ImmutableArray<StoryMoment> Moments { get; init; } = [];

    /// <summary>What kept a part of the history from being understood; empty: nothing.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Where the story stops: the end of the call, or the last event.</summary>
    public long UntilUs => EndedUs ?? LastUs;

    public StoryLeg? LegOf(uint leg) => Legs.FirstOrDefault(candidate => candidate.Leg == leg);

    public string UserOf(uint leg) => LegOf(leg)?.User is { Length: > 0 } user ? user : leg == 0 ? "somebody" : $"leg {leg}";

    /// <summary>Who could hear a burst, and from when to when: who was in the call, was not on hold and had not asked for silence.</summary>
    public IEnumerable<StoryHearing> HearersOf(StoryBurst burst) =>
        burst.FirstPacketUs is { } first ? HearersOf(burst.Leg, new StorySpan(first, burst.EndedUs ?? UntilUs)) : [];

    /// <summary>Who would have heard a talker in a span of time.</summary>
    public IEnumerable<StoryHearing> HearersOf(uint talker, StorySpan span) =>
        from leg in Legs
        where leg.Leg != talker
        let spans = leg.HearsIn(span, UntilUs)
        where !spans.IsEmpty
        select new StoryHearing(leg.Leg, leg.User, spans);
}

/// <summary>From a moment to another one, the latter not included.</summary>
public readonly record struct StorySpan(long FromUs, long UntilUs)
{
    public long LengthUs => UntilUs - FromUs;

    public bool Contains(long timeUs) => FromUs <= timeUs && timeUs < UntilUs;

    public StorySpan? And(StorySpan other)
    {
        var both = new StorySpan(Math.Max(FromUs, other.FromUs), Math.Min(UntilUs, other.UntilUs));
        return both.LengthUs > 0 ? both : null;
    }
}

/// <summary>A participant that could hear, and when.</summary>
public sealed record StoryHearing(uint Leg, string User, ImmutableArray<StorySpan> Spans);

/// <summary>Emergency or imminent peril of the call, for a time.</summary>
public sealed record StoryCondition(bool Emergency, long FromUs, long? UntilUs);

/// <summary>One event in words, with its place in the journal.</summary>
/// <param name="IsDetail">Of the protocol's housekeeping: left out where a person reads.</param>
public sealed record StoryMoment(long TimeUs, string PersistenceId, long SequenceNumber, EventDescription What, bool IsDetail);
