using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Inward;

/// <summary>What a floor participant says, as a command to the floor actor.</summary>
internal static class FloorTranslation
{
    /// <summary>Null for messages that only a server sends, and for those that name nobody where they must.</summary>
    public static FloorCommand? ToCommand(uint leg, FloorMessage message) =>
        message.Type switch
        {
            FloorMessageType.FloorRequest => new FloorCommand { Request = Request(leg, message) },
            FloorMessageType.FloorRelease => new FloorCommand { Release = Release(leg, message) },
            FloorMessageType.FloorQueuePositionRequest => new FloorCommand
            {
                RequestQueuePosition = new RequestQueuePosition { Leg = leg, TrackInfo = Octets(message.TrackInfo) },
            },
            FloorMessageType.FloorAck => message.AcknowledgedType is { } type
                ? new FloorCommand { Acknowledge = new AcknowledgeFloorMessage { Leg = leg, MessageType = (uint)type } }
                : null,
            FloorMessageType.QueuedFloorRequests => new FloorCommand { QueuedRequests = QueuedRequests(leg, message) },
            FloorMessageType.FloorRevokeRequest => message.RevokeRequestUserId is { Length: > 0 } user
                ? new FloorCommand { RevokeRequest = new RevokeFloorOfOther { Leg = leg, User = user } }
                : null,
            FloorMessageType.UnicastMediaFlowControl => message.MediaFlowControl is { } indicator
                ? new FloorCommand { ControlMediaFlow = new ControlMediaFlow { Leg = leg, Indicator = indicator, Acknowledge = message.AcknowledgementRequired } }
                : null,
            _ => null,
        };

    private static RequestFloor Request(uint leg, FloorMessage message) =>
        new()
        {
            Leg = leg,
            HasPriority = message.Priority is not null,
            Priority = message.Priority ?? 0,
            Indicator = (uint)(message.Indicator ?? 0),
            TrackInfo = Octets(message.TrackInfo),
            FunctionalAlias = message.FunctionalAlias ?? "",
            Location = message.Location is { } location ? ByteString.CopyFrom(location.Value) : ByteString.Empty,
            Ssrc = message.Ssrc,
        };

    private static ReleaseFloor Release(uint leg, FloorMessage message) =>
        new()
        {
            Leg = leg,
            Indicator = (uint)(message.Indicator ?? 0),
            Acknowledge = message.AcknowledgementRequired,
            TrackInfo = Octets(message.TrackInfo),
        };

    private static QueuedFloorRequestsReceived QueuedRequests(uint leg, FloorMessage message)
    {
        var command = new QueuedFloorRequestsReceived
        {
            Leg = leg,
            Purpose = (uint)(message.Purpose ?? 0),
            TrackInfo = Octets(message.TrackInfo),
            Acknowledge = message.AcknowledgementRequired,
        };
        command.Users.AddRange(message.QueuedUsers ?? []);
        return command;
    }

    private static ByteString Octets(FloorTrackInfo? trackInfo) => trackInfo is null ? ByteString.Empty : ByteString.CopyFrom(trackInfo.Value);
}
