namespace Mcptt.Protocol.Floor;

/// <summary>Values of the Reject Cause field in a Floor Revoke (8.2.10.2). Floor Deny has a number space of its own.</summary>
public enum FloorRevokeCause : ushort
{
    Unspecified = 0,
    OnlyOneClient = 1,
    MediaBurstTooLong = 2,
    NoPermissionToSend = 3,
    MediaBurstPreempted = 4,
    NoResourcesAvailable = 6,

    /// <summary>Release 19: by the Floor Revoke Request of another client.</summary>
    RevokedByAnotherClient = 7,
    Other = 255,
}
