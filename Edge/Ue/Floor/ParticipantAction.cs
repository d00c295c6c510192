namespace Mcptt.Ue.Floor;

/// <summary>What a step of the floor participant orders, in this order.</summary>
internal abstract record ParticipantAction
{
    private ParticipantAction()
    {
    }

    public sealed record SendRequest(FloorWish Wish) : ParticipantAction;

    public sealed record SendRelease(bool DualFloor) : ParticipantAction;

    public sealed record SendQueuePositionRequest : ParticipantAction;

    /// <summary>Floor Ack with Source 0 and Message Type <paramref name="Subtype"/>, the ack bit cleared (8.2.3.14).</summary>
    public sealed record SendAck(byte Subtype) : ParticipantAction;

    public sealed record StartTimer(ParticipantTimer Timer) : ParticipantAction;

    public sealed record StopTimer(ParticipantTimer Timer) : ParticipantAction;

    public sealed record StartMedia : ParticipantAction;

    /// <summary>The last RTP packet goes out before the Release that follows (6.2.4.5.3).</summary>
    public sealed record StopMedia : ParticipantAction;

    public sealed record LeaveCall : ParticipantAction;

    public sealed record Tell(FloorNotice Notice) : ParticipantAction;
}

internal sealed record ParticipantStep(ParticipantState State, IReadOnlyList<ParticipantAction> Actions);
