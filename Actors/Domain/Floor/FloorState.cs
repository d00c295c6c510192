using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// The floor control server of one call (TS 24.380 6.3): the general machine is the case, the machines towards the participants
/// are what the session says of each leg. "G: pending Floor Revoke" is <see cref="Taken"/> with a talker whose
/// <see cref="TalkPermission"/> is being revoked, because in a multi-talker call others go on talking meanwhile.
/// </summary>
public abstract record FloorState
{
    private FloorState(string callId) => CallId = callId;

    public string CallId { get; }

    /// <summary>Start-stop, before the call opened the floor.</summary>
    public sealed record Unopened(string Id) : FloorState(Id);

    public abstract record Open(FloorSession Session) : FloorState(Session.CallId);

    /// <summary>G: Floor Initialising, of a temporary group: requests wait until the call says that it is complete. No timer runs.</summary>
    public sealed record Initialising(FloorSession Session) : Open(Session);

    /// <summary>G: Floor Idle. Nobody waits in the queue here: entering Idle serves its head.</summary>
    public sealed record Idle(FloorSession Session, IdleTimers Timers) : Open(Session);

    /// <summary>G: Floor Taken. Talkers is never empty; more than one only with dual floor or multi-talker.</summary>
    public sealed record Taken(FloorSession Session, ImmutableList<FloorTalkerState> Talkers) : Open(Session)
    {
        /// <summary>Dual floor: who talks over the first talker.</summary>
        public FloorTalkerState? Overriding => Talkers.Find(talker => talker.Overriding);

        public FloorTalkerState? Find(uint leg) => Talkers.Find(talker => talker.Leg == leg);
    }

    /// <summary>Releasing and what comes after it.</summary>
    public sealed record Closed(string Id, string MediaNode) : FloorState(Id);
}

/// <summary>T4 (inactivity) and T7 with C7 (Floor Idle repeated); 0 where a timer does not run.</summary>
public readonly record struct IdleTimers(long T4DueUs, long T7DueUs, uint C7);

/// <summary>What holds whether or not somebody talks.</summary>
public sealed record FloorSession(string CallId, FloorRules Rules, string MediaNode)
{
    /// <summary>Where the session is moving to: it knows the talkers already, while messages still go by <see cref="MediaNode"/>. Empty: it stays.</summary>
    public string NextMediaNode { get; init; } = "";

    public IEnumerable<string> MediaNodes => NextMediaNode.Length == 0 ? [MediaNode] : [MediaNode, NextMediaNode];

    public bool Emergency { get; init; }

    public bool ImminentPeril { get; init; }

    public ImmutableSortedDictionary<uint, FloorParticipant> Participants { get; init; } = ImmutableSortedDictionary<uint, FloorParticipant>.Empty;

    /// <summary>In the order of service: pre-emptors, then class, priority, arrival (facts 2.5).</summary>
    public ImmutableList<AcceptedFloorRequest> Queue { get; init; } = [];

    /// <summary>Until when members that are being invited count as participants to come; 0 from the second participant on.</summary>
    public long InvitedUntilUs { get; init; }

    /// <summary>What the only participant asked meanwhile.</summary>
    public AcceptedFloorRequest? KeptRequest { get; init; }

    /// <summary>U: not permitted but sends media, by leg; also a plain phone that must fall silent first.</summary>
    public ImmutableSortedDictionary<uint, UnpermittedMedia> Unpermitted { get; init; } = ImmutableSortedDictionary<uint, UnpermittedMedia>.Empty;

    /// <summary>Who was told Floor Taken or Floor Idle with the acknowledgement bit and has not answered, by leg.</summary>
    public ImmutableSortedDictionary<uint, AwaitedAcknowledgement> Awaited { get; init; } =
        ImmutableSortedDictionary<uint, AwaitedAcknowledgement>.Empty;

    /// <summary>Legs that want no voice (Unicast Media Flow Control).</summary>
    public ImmutableSortedSet<uint> FlowStopped { get; init; } = [];

    /// <summary>Until when a leg is denied the floor after a revoke on T2.</summary>
    public ImmutableSortedDictionary<uint, long> RetryAfterUs { get; init; } = ImmutableSortedDictionary<uint, long>.Empty;

    /// <summary>Legs without floor channel that have spoken to nobody since the last grant, and of which an event says so.</summary>
    public ImmutableSortedSet<uint> IgnoredSpeech { get; init; } = [];

    /// <summary>Of the last Floor Taken or Floor Idle; 16 bits (8.2.3.10).</summary>
    public uint MessageSequenceNumber { get; init; }

    /// <summary>Of the last SetTalkers.</summary>
    public ulong TalkersEpoch { get; init; }

    public uint NextMessageSequenceNumber => MessageSequence.Next(MessageSequenceNumber);

    public ulong NextTalkersEpoch => TalkersEpoch + 1;

    public bool MultiTalker => Rules.MaxTalkers > 1;

    public AcceptedFloorRequest? QueuedRequestOf(uint leg) => Queue.Find(request => request.Leg == leg);

    /// <summary>In the queue, or kept until the second participant is there.</summary>
    public bool Waits(uint leg) => KeptRequest?.Leg == leg || QueuedRequestOf(leg) is not null;
}

/// <summary>Numbers of Floor Taken and Floor Idle: 16 bits; 0 means "none" in our events and is passed over.</summary>
internal static class MessageSequence
{
    public static uint Next(uint number) => (number % ushort.MaxValue) + 1;

    public static uint Previous(uint number) => number <= 1 ? ushort.MaxValue : number - 1;
}

/// <summary>One who holds the floor. T2 runs from the first RTP packet (0 before it).</summary>
public sealed record FloorTalkerState(AcceptedFloorRequest Request, long GrantedUs, ulong GrantedEpoch, TalkPermission Permission)
{
    public uint Leg => Request.Leg;

    public bool Overriding { get; init; }

    public long T2DueUs { get; init; }

    public bool IsPermitted => Permission is TalkPermission.Permitted;
}

/// <summary>The machine towards a talker: U: permitted, or U: pending Floor Revoke.</summary>
public abstract record TalkPermission
{
    private TalkPermission()
    {
    }

    /// <summary>T20 (0: does not run) and C20 belong to the grant of a queued request.</summary>
    public sealed record Permitted(long T20DueUs, uint C20) : TalkPermission;

    public sealed record PendingRevoke(uint Cause, long T3DueUs, long T8DueUs) : TalkPermission;
}
