using Mcptt.Protocol.Floor;

namespace Mcptt.Ue.Floor;

/// <summary>Between floor control messages (TS 24.380 8.2) and what the participant machine takes and gives.</summary>
internal static class FloorTranslation
{
    /// <summary>Null: a message that a server does not send to a participant, or that the participant has no procedure for.</summary>
    public static ParticipantInput.ServerMessage? ToInput(FloorMessage message)
    {
        ParticipantInput.ServerMessage? input = message.Type switch
        {
            FloorMessageType.FloorGranted => new ParticipantInput.Granted(Seconds(message.DurationSeconds), IsDualFloor(message)),
            FloorMessageType.FloorTaken => new ParticipantInput.Taken(
                Talkers(message), message.PermissionToRequestTheFloor ?? true, IsDualFloor(message), Has(message, FloorIndicator.MultiTalker)),
            FloorMessageType.FloorDeny => new ParticipantInput.Deny(message.RejectCause ?? 0, message.RejectPhrase),
            FloorMessageType.FloorIdle => new ParticipantInput.Idle(IsDualFloor(message)),
            FloorMessageType.FloorRevoke => new ParticipantInput.Revoke(message.RejectCause ?? 0, message.RejectPhrase),
            FloorMessageType.FloorQueuePositionInfo => new ParticipantInput.QueuePosition(
                message.QueueInfo?.Position ?? QueueInfo.PositionNotDisclosed, message.QueueInfo?.Priority ?? 0),
            FloorMessageType.FloorReleaseMultiTalker => new ParticipantInput.MultiTalkerEnded(message.UserId),
            _ => null,
        };
        return input is null ? null : input with { Acknowledge = message.AcknowledgementRequired };
    }

    /// <summary>Null: the action is no message.</summary>
    public static FloorMessage? ToMessage(ParticipantAction action, uint ssrc) =>
        action switch
        {
            ParticipantAction.SendRequest request => new FloorMessage(FloorMessageType.FloorRequest, ssrc)
            {
                Priority = request.Wish.Priority,
                Indicator = request.Wish.Indicator == 0 ? null : (FloorIndicator)request.Wish.Indicator,
            },
            ParticipantAction.SendRelease release => new FloorMessage(FloorMessageType.FloorRelease, ssrc)
            {
                Indicator = release.DualFloor ? FloorIndicator.DualFloor : null,
            },
            ParticipantAction.SendQueuePositionRequest => new FloorMessage(FloorMessageType.FloorQueuePositionRequest, ssrc),
            ParticipantAction.SendAck ack => FloorMessage.Ack(ssrc, FloorSource.Participant, (FloorMessageType)ack.Subtype),
            _ => null,
        };

    /// <summary>One line that says what matters of a message.</summary>
    public static string Describe(FloorMessage message)
    {
        var parts = new List<string> { message.Type.ToString() + (message.AcknowledgementRequired ? "+ack" : "") };
        Add(parts, "priority", message.Priority);
        Add(parts, "duration", message.DurationSeconds);
        Add(parts, "cause", message.RejectCause);
        Add(parts, "queue", message.QueueInfo?.Position);
        Add(parts, "granted", message.GrantedPartyIdentity);
        Add(parts, "granted", message.GrantedUsers is null ? null : Talkers(message));
        Add(parts, "permission", message.PermissionToRequestTheFloor);
        Add(parts, "user", message.UserId);
        Add(parts, "seq", message.SequenceNumber);
        Add(parts, "source", message.Source);
        Add(parts, "acknowledges", message.AcknowledgedType);
        Add(parts, "indicator", message.Indicator);
        Add(parts, "ssrc", message.GrantedSsrc);
        return string.Join(' ', parts);
    }

    private static void Add<T>(List<string> parts, string name, T value)
    {
        if (value is not null)
        {
            parts.Add($"{name}={value}".Replace(", ", "|", StringComparison.Ordinal));
        }
    }

    private static string? Talkers(FloorMessage message) =>
        message.GrantedPartyIdentity ?? (message.GrantedUsers is { } users ? string.Join(',', users) : null);

    private static TimeSpan? Seconds(ushort? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private static bool IsDualFloor(FloorMessage message) => Has(message, FloorIndicator.DualFloor);

    private static bool Has(FloorMessage message, FloorIndicator bit) => message.Indicator is { } bits && bits.HasFlag(bit);
}
