namespace Mcptt.Ue.Floor;

/// <summary>What can happen to a floor participant: its user, its call, its timers, media and messages of the floor control server.</summary>
internal abstract record ParticipantInput
{
    private ParticipantInput()
    {
    }

    /// <summary>The call stands. A grant in the SDP answer (mc_granted) needs no message any more.</summary>
    public sealed record CallEstablished(bool ImplicitRequest, bool GrantedInAnswer, FloorWish Wish = default) : ParticipantInput;

    /// <summary>A re-INVITE that declares an emergency or imminent peril asks for the floor; its answer says whether that counts (facts 2.8).</summary>
    public sealed record AskedByReinvite : ParticipantInput;

    /// <summary>The re-INVITE was refused, or its implicit request was not accepted.</summary>
    public sealed record NotAskedAfterAll : ParticipantInput;

    /// <summary>A BYE was sent or received.</summary>
    public sealed record CallReleasing : ParticipantInput;

    public sealed record CallReleased : ParticipantInput;

    public sealed record Press(FloorWish Wish = default) : ParticipantInput;

    public sealed record Release : ParticipantInput;

    public sealed record AskQueuePosition : ParticipantInput;

    public sealed record TimerExpired(ParticipantTimer Timer) : ParticipantInput;

    /// <summary>An RTP packet of somebody else.</summary>
    public sealed record MediaReceived : ParticipantInput;

    /// <summary>A floor control message; <see cref="Acknowledge"/> is the ack bit of its subtype (8.2.2.1).</summary>
    public abstract record ServerMessage(byte Subtype) : ParticipantInput
    {
        public bool Acknowledge { get; init; }
    }

    public sealed record Granted(TimeSpan? Duration = null, bool DualFloor = false) : ServerMessage(1);

    /// <summary>With bit G or bit I it says who talks besides; who has the floor keeps it.</summary>
    public sealed record Taken(string? By = null, bool MayRequest = true, bool DualFloor = false, bool MultiTalker = false) : ServerMessage(2);

    public sealed record Deny(ushort Cause, string? Phrase = null) : ServerMessage(3);

    public sealed record Idle(bool DualFloor = false) : ServerMessage(5);

    public sealed record Revoke(ushort Cause, string? Phrase = null) : ServerMessage(6);

    public sealed record QueuePosition(byte Position, byte Priority = 0) : ServerMessage(9);

    public sealed record MultiTalkerEnded(string? User = null) : ServerMessage(15);
}

/// <summary>Timers of 11.1.1 that a participant in a call keeps.</summary>
internal enum ParticipantTimer
{
    T100FloorRelease,
    T101FloorRequest,
    T103EndOfRtpMedia,
    T104FloorQueuePositionRequest,
    T132QueuedFloorGrantedUserAction,
}
