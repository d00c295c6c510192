using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>One who had the floor, from the grant to the end.</summary>
public sealed record StoryBurst
{
    /// <summary>From 1, in the order of the grants.</summary>
    public required int Number { get; init; }

    public required uint Leg { get; init; }

    public string User { get; init; } = "";

    public long AskedUs { get; init; }

    public long GrantedUs { get; init; }

    /// <summary>When the first packet of voice came; null: nothing was said.</summary>
    public long? FirstPacketUs { get; init; }

    public long? EndedUs { get; init; }

    /// <summary>Why it ended, in words; empty while it has not.</summary>
    public string Why { get; init; } = "";

    public string Clause { get; init; } = "";

    public FloorRequestClass Class { get; init; }

    public uint Priority { get; init; }

    public bool FromQueue { get; init; }

    /// <summary>Dual floor: over who talked already.</summary>
    public bool Overriding { get; init; }

    /// <summary>When it was told to stop; null: it was not.</summary>
    public long? RevokedUs { get; init; }

    public uint RevokeCause { get; init; }

    /// <summary>By which recordings of it are found.</summary>
    public ulong TalkersEpoch { get; init; }

    public bool HasFloorAt(long timeUs) => GrantedUs <= timeUs && (EndedUs is null || timeUs < EndedUs);
}

/// <summary>One request that waited: in the queue, or until the second participant came.</summary>
public sealed record StoryWait
{
    public required uint Leg { get; init; }

    public string User { get; init; } = "";

    public long FromUs { get; init; }

    public long? UntilUs { get; init; }

    public FloorRequestClass Class { get; init; }

    public uint Priority { get; init; }

    /// <summary>It took the floor from somebody and waited for that.</summary>
    public bool Preemptive { get; init; }

    /// <summary>Its places, from when on; empty: it was kept because nobody else was in the call yet (TS 24.380 6.3.4.3.3).</summary>
    public ImmutableArray<StoryPosition> Positions { get; init; } = [];

    /// <summary>What became of it, in words; empty while it waits.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>It got the floor.</summary>
    public bool Granted { get; init; }

    public bool WaitsAt(long timeUs) => FromUs <= timeUs && (UntilUs is null || timeUs < UntilUs);

    /// <summary>0: not in the queue.</summary>
    public int PositionAt(long timeUs) => Positions.LastOrDefault(position => position.FromUs <= timeUs).Position;
}

public readonly record struct StoryPosition(long FromUs, int Position);

/// <summary>The floor was taken away, or voice was sent without it.</summary>
/// <param name="Cause">Of Floor Revoke (TS 24.380 8.2.10.2).</param>
/// <param name="ByUser">Who pre-empted or asked for it; empty: nobody.</param>
/// <param name="UntilUs">When it was over: the talker had stopped.</param>
public sealed record StoryRevoke(long TimeUs, uint Leg, string User, uint Cause, string ByUser, long? UntilUs)
{
    public string Words => FloorCauseWords.OfRevoke(Cause);

    public string Clause => FloorCauseWords.ClauseOfRevoke(Cause);
}

/// <summary>What somebody asked for and did not get.</summary>
public enum StoryAsked
{
    /// <summary>To start or join the call.</summary>
    Join,

    /// <summary>The floor.</summary>
    Floor,

    /// <summary>That another one's floor or request is taken away.</summary>
    Authority,
}

/// <summary>Who was refused what, and why.</summary>
/// <param name="Leg">0: it has none.</param>
/// <param name="Code">"Warning 116", "Floor Deny cause 7"; empty where nothing was or could be said.</param>
/// <param name="Count">Above 1: so many that were only counted (ADR 0009).</param>
public sealed record StoryRefusal(long TimeUs, StoryAsked Asked, uint Leg, string User, string Client, string Words, string Code, string Clause, uint Count = 1);

/// <summary>A recording of a burst.</summary>
/// <param name="Burst">Its number; 0: none fits.</param>
/// <param name="Dropped">Why its file was deleted; empty: it was not.</param>
public sealed record StoryRecording(int Burst, RecordedBurst File, string Dropped);

/// <summary>Speech that no recording has.</summary>
public sealed record StoryGap(int Burst, uint Leg, string User, long FromUs, long UntilUs, string Why);
