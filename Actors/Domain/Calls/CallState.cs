using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What every state of a call has.</summary>
public sealed record CallCore(string Id)
{
    /// <summary>Events so far, which is the sequence number of the last one: effect ids are made of it (architecture.md, Identities).</summary>
    public long EventCount { get; init; }

    public ImmutableSortedDictionary<uint, CallLeg> Legs { get; init; } = ImmutableSortedDictionary<uint, CallLeg>.Empty;

    public uint NextLeg { get; init; } = 1;

    /// <summary>Files that its media nodes have told of.</summary>
    public uint Recordings { get; init; }

    public CallCondition Condition { get; init; }

    /// <summary>When the emergency began or ended; 0: there was none.</summary>
    public long EmergencyUs { get; init; }

    /// <summary>Of a temporary group: the floor was told to begin.</summary>
    public bool FloorMayBegin { get; init; }

    /// <summary>CANCELs of INVITEs that have not arrived yet, oldest first.</summary>
    public ImmutableArray<CancelRemembered> Cancels { get; init; } = [];
}

/// <summary>What the call is besides a group call. An emergency ends an imminent peril: both at once are not.</summary>
public readonly record struct CallCondition(bool Emergency, bool ImminentPeril)
{
    public bool IsNormal => !Emergency && !ImminentPeril;
}

/// <summary>A media node is sought, other than the first time.</summary>
/// <param name="AskedUs">When one was asked last.</param>
/// <param name="AskedAgain">How often after the first time.</param>
/// <param name="Avoid">Names of nodes that are asked only if there is no other: lost, full, or being emptied.</param>
/// <param name="GoesOn">The session goes on where it is meanwhile: its node is being emptied.</param>
public sealed record MediaSearch(long SinceUs, long AskedUs, uint AskedAgain, ImmutableArray<string> Avoid, bool GoesOn);

public sealed record FormerPlacement(MediaPlacement Placement, long SinceUs);

/// <summary>A call from the first INVITE to the last BYE (TS 24.379 10.1.1.4).</summary>
public abstract record CallState
{
    private CallState(CallCore core) => Core = core;

    public CallCore Core { get; init; }

    public string Id => Core.Id;

    public sealed record NotStarted(CallCore Core) : CallState(Core);

    /// <summary>With rules and a first leg.</summary>
    public abstract record Started(CallCore Core, CallRules Rules, CallAudio Audio, long StartedUs) : CallState(Core)
    {
        /// <summary>Null: no other media node is sought.</summary>
        public MediaSearch? Search { get; init; }
    }

    /// <summary>A media node is asked for ports; members wait to be invited.</summary>
    public sealed record Opening(CallCore Core, CallRules Rules, CallAudio Audio, long StartedUs, ImmutableArray<CallMember> Members)
        : Started(Core, Rules, Audio, StartedUs);

    public abstract record InSession(CallCore Core, CallRules Rules, CallAudio Audio, long StartedUs, MediaPlacement Placement) : Started(Core, Rules, Audio, StartedUs)
    {
        /// <summary>Where the session was before and goes on until every leg has followed; null: nowhere.</summary>
        public FormerPlacement? Former { get; init; }

        /// <summary>No media node carries the session now.</summary>
        public bool IsMediaLost => Search is { GoesOn: false };
    }

    /// <summary>Acknowledged setup: the originator's answer waits for required members (TNG1).</summary>
    public sealed record Gathering(
        CallCore Core, CallRules Rules, CallAudio Audio, long StartedUs, MediaPlacement Placement, long SinceUs, ImmutableArray<CallMember> Required)
        : InSession(Core, Rules, Audio, StartedUs, Placement);

    public sealed record Active(CallCore Core, CallRules Rules, CallAudio Audio, long StartedUs, MediaPlacement Placement)
        : InSession(Core, Rules, Audio, StartedUs, Placement);

    /// <summary>Only between the events of the command that releases the call.</summary>
    public sealed record Releasing(CallCore Core, string GroupId, string MediaNode, string Reason, long StartedUs) : CallState(Core)
    {
        /// <summary>Of a session that was moving; else empty.</summary>
        public string FormerMediaNode { get; init; } = "";
    }

    /// <summary>Over. Legs are those whose last word is still to come.</summary>
    public sealed record Ended(CallCore Core, string GroupId, string Reason, long StartedUs, long EndedUs) : CallState(Core);
}
