namespace Mcptt.Protocol.Floor;

/// <summary>What a Queued Floor Requests message is for (8.2.3.23).</summary>
public enum QueuedFloorRequestsPurpose : ushort
{
    CancelRequest = 0,
    CancelResult = 1,
    CancelNotification = 2,
}
