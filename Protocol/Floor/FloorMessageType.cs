namespace Mcptt.Protocol.Floor;

/// <summary>Subtypes of the RTCP APP packet "MCPT" without the acknowledgement bit (TS 24.380 table 8.2.2.1-1).</summary>
public enum FloorMessageType : byte
{
    FloorRequest = 0,
    FloorGranted = 1,
    FloorTaken = 2,
    FloorDeny = 3,
    FloorRelease = 4,
    FloorIdle = 5,
    FloorRevoke = 6,
    FloorRevokeRequest = 7,
    FloorQueuePositionRequest = 8,
    FloorQueuePositionInfo = 9,
    FloorAck = 10,
    UnicastMediaFlowControl = 11,

    /// <summary>Release 17: Floor Queued Cancel. From release 18 on: Queued Floor Requests. The deployment's release says which.</summary>
    QueuedFloorRequests = 14,
    FloorReleaseMultiTalker = 15,
}

public static class FloorMessageTypes
{
    /// <summary>False: 12, 13 and everything above 15 are undefined, and such a message is ignored whole (8.1.4).</summary>
    public static bool IsDefined(this FloorMessageType type) =>
        type <= FloorMessageType.UnicastMediaFlowControl || type is FloorMessageType.QueuedFloorRequests or FloorMessageType.FloorReleaseMultiTalker;

    /// <summary>Whether the type has a variant that asks for a Floor Ack. On any other type the bit makes an undefined subtype.</summary>
    public static bool MayRequireAcknowledgement(this FloorMessageType type) =>
        type
            is FloorMessageType.FloorGranted
                or FloorMessageType.FloorTaken
                or FloorMessageType.FloorDeny
                or FloorMessageType.FloorRelease
                or FloorMessageType.FloorIdle
                or FloorMessageType.FloorQueuePositionInfo
                or FloorMessageType.UnicastMediaFlowControl
                or FloorMessageType.QueuedFloorRequests;
}
