namespace Mcptt.Protocol.Floor;

/// <summary>One floor control message (TS 24.380 8.2). A field that the message does not carry is null.</summary>
public sealed record FloorMessage(FloorMessageType Type, uint Ssrc)
{
    /// <summary>The sender wants a Floor Ack. Only for types with <see cref="FloorMessageTypes.MayRequireAcknowledgement"/>.</summary>
    public bool AcknowledgementRequired { get; init; }

    public byte? Priority { get; init; }

    public ushort? DurationSeconds { get; init; }

    /// <summary>The number as it stands on the wire; <see cref="DenyCause"/> and <see cref="RevokeCause"/> say what it means.</summary>
    public ushort? RejectCause { get; init; }

    public string? RejectPhrase { get; init; }

    public QueueInfo? QueueInfo { get; init; }

    public string? GrantedPartyIdentity { get; init; }

    public bool? PermissionToRequestTheFloor { get; init; }

    public string? UserId { get; init; }

    public ushort? QueueSize { get; init; }

    /// <summary>Only in Floor Taken and Floor Idle (8.2.3.10).</summary>
    public ushort? SequenceNumber { get; init; }

    public string? QueuedUserId { get; init; }

    public FloorSource? Source { get; init; }

    public FloorTrackInfo? TrackInfo { get; init; }

    /// <summary>In a Floor Ack: the type that is acknowledged, without its acknowledgement bit (8.2.3.14).</summary>
    public FloorMessageType? AcknowledgedType { get; init; }

    public FloorIndicator? Indicator { get; init; }

    /// <summary>Media SSRC of the granted participant (field 14), as opposed to <see cref="Ssrc"/> of who sends this message.</summary>
    public uint? GrantedSsrc { get; init; }

    public FloorList<string>? GrantedUsers { get; init; }

    public FloorList<uint>? Ssrcs { get; init; }

    public string? FunctionalAlias { get; init; }

    public FloorList<string>? FunctionalAliases { get; init; }

    public FloorLocation? Location { get; init; }

    public FloorList<FloorLocation>? Locations { get; init; }

    public QueuedFloorRequestsPurpose? Purpose { get; init; }

    public FloorList<string>? QueuedUsers { get; init; }

    public ushort? ResponseState { get; init; }

    public ushort? MediaFlowControl { get; init; }

    public string? RevokeRequestUserId { get; init; }

    public FloorDenyCause? DenyCause => Type == FloorMessageType.FloorDeny ? (FloorDenyCause?)RejectCause : null;

    public FloorRevokeCause? RevokeCause => Type == FloorMessageType.FloorRevoke ? (FloorRevokeCause?)RejectCause : null;

    public static FloorMessage Deny(uint ssrc, FloorDenyCause cause, string? phrase = null) =>
        new(FloorMessageType.FloorDeny, ssrc) { RejectCause = (ushort)cause, RejectPhrase = phrase };

    public static FloorMessage Revoke(uint ssrc, FloorRevokeCause cause, string? phrase = null) =>
        new(FloorMessageType.FloorRevoke, ssrc) { RejectCause = (ushort)cause, RejectPhrase = phrase };

    public static FloorMessage Ack(uint ssrc, FloorSource source, FloorMessageType acknowledged) =>
        new(FloorMessageType.FloorAck, ssrc) { Source = source, AcknowledgedType = acknowledged };
}
