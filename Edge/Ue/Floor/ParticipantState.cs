namespace Mcptt.Ue.Floor;

/// <summary>States of the floor participant, basic operation (TS 24.380 6.2.4), each with the counters that only it needs.</summary>
internal abstract record ParticipantState
{
    private ParticipantState()
    {
    }

    /// <summary>Permission to Request the Floor of the last Floor Taken (8.2.3.7); a Floor Idle lifts it.</summary>
    public bool MayRequest { get; init; } = true;

    /// <summary>No call yet, or no longer (6.2.4.2).</summary>
    public sealed record StartStop : ParticipantState;

    /// <summary>U: has no permission (6.2.4.3).</summary>
    public sealed record HasNoPermission : ParticipantState;

    /// <summary>U: pending Request (6.2.4.4). <paramref name="C101"/> counts the requests made, the implicit one of the INVITE included.</summary>
    public sealed record PendingRequest(int C101, FloorWish Wish, bool Implicit) : ParticipantState
    {
        /// <summary>The implicit one was in a re-INVITE: what the server said before it knew of it may still be on its way.</summary>
        public bool ByReinvite { get; init; }
    }

    /// <summary>U: has permission (6.2.4.5). <paramref name="DualFloor"/>: granted beside another talker, so the G bit stands in our Release.</summary>
    public sealed record HasPermission(bool DualFloor) : ParticipantState;

    /// <summary>U: pending Release (6.2.4.6). <paramref name="HeldFloor"/>: what is given back is the floor, not a place in the queue.</summary>
    public sealed record PendingRelease(int C100, bool HeldFloor, bool DualFloor) : ParticipantState;

    /// <summary>U: queued (6.2.4.9). <paramref name="C104"/> counts the unanswered Queue Position Requests; 0: none is out.</summary>
    public sealed record Queued(bool Pressed, int C104) : ParticipantState;

    /// <summary>U: queued, granted while the button is up: T132 runs until the user presses it.</summary>
    public sealed record QueuedAndGranted(bool DualFloor) : ParticipantState;

    /// <summary>The call is being released (6.2.4.7).</summary>
    public sealed record Releasing : ParticipantState;
}

/// <summary>What a Floor Request asks with: its priority (field 0) and the bits of its Floor Indicator (field 13).</summary>
public readonly record struct FloorWish(byte? Priority = null, ushort Indicator = 0);
