namespace Mcptt.Protocol.Floor;

/// <summary>Values of the Reject Cause field in a Floor Deny (8.2.6.2). Floor Revoke has a number space of its own.</summary>
public enum FloorDenyCause : ushort
{
    Unspecified = 0,
    AnotherClientHasPermission = 1,
    InternalServerError = 2,
    OnlyOneParticipant = 3,
    RetryAfterTimerRunning = 4,
    ReceiveOnly = 5,
    NoResourcesAvailable = 6,
    QueueFull = 7,
    Other = 255,
}
