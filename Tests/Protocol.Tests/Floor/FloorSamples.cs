using Mcptt.Protocol.Floor;

namespace Mcptt.Protocol.Tests.Floor;

/// <summary>One message of every type, between them every field, for golden bytes and for the dissector.</summary>
internal static class FloorSamples
{
    private const uint Server = 0x0A0B0C0D;
    private const uint Participant = 0x11223344;
    private const string Alice = "sip:alice@example.org";
    private const string Bob = "sip:bob@example.org";

    private static readonly byte[] Plmn = [0x62, 0xF2, 0x10];

    public static IReadOnlyDictionary<string, FloorMessage> All { get; } =
        new Dictionary<string, FloorMessage>
        {
            ["request"] = new(FloorMessageType.FloorRequest, Participant)
            {
                Priority = 7,
                Indicator = FloorIndicator.NormalCall,
                TrackInfo = FloorTrackInfo.Create(true, "dispa", 0xCAFE0001, 0xCAFE0002),
                FunctionalAlias = "sip:leader.7@example.org",
                Location = FloorLocation.Ecgi(Plmn, 0x01234567),
            },
            ["request-emergency"] = new(FloorMessageType.FloorRequest, Participant)
            {
                Indicator = FloorIndicator.EmergencyCall | FloorIndicator.QueueingSupported,
                Location = FloorLocation.NotProvided,
            },
            ["granted"] = new(FloorMessageType.FloorGranted, Server)
            {
                DurationSeconds = 30,
                GrantedSsrc = 0xDEADBEEF,
                Priority = 5,
                Indicator = FloorIndicator.NormalCall | FloorIndicator.QueueingSupported,
            },
            ["granted-ack"] = new(FloorMessageType.FloorGranted, Server) { AcknowledgementRequired = true, DurationSeconds = 1 },
            ["taken"] = new(FloorMessageType.FloorTaken, Server)
            {
                GrantedPartyIdentity = Alice,
                PermissionToRequestTheFloor = true,
                SequenceNumber = 4711,
                Indicator = FloorIndicator.BroadcastGroupCall,
                GrantedSsrc = 0x01020304,
                FunctionalAlias = "sip:leader@example.org",
            },
            ["taken-multi"] = new(FloorMessageType.FloorTaken, Server)
            {
                PermissionToRequestTheFloor = false,
                SequenceNumber = 65535,
                Indicator = FloorIndicator.MultiTalker,
                GrantedUsers = [Alice, Bob],
                Ssrcs = [0x01020304, 0x05060708],
                FunctionalAliases = ["sip:one@example.org", ""],
                Locations = [FloorLocation.NotProvided, FloorLocation.Coordinates(0x123456, 0x0ABCDE)],
            },
            ["deny"] = FloorMessage.Deny(Server, FloorDenyCause.QueueFull, "queue is full"),
            ["deny-ack"] = FloorMessage.Deny(Server, FloorDenyCause.ReceiveOnly) with { AcknowledgementRequired = true },
            ["release"] = new(FloorMessageType.FloorRelease, Participant) { Indicator = FloorIndicator.DualFloor },
            ["release-ack"] = new(FloorMessageType.FloorRelease, Participant) { AcknowledgementRequired = true, UserId = Alice },
            ["idle"] = new(FloorMessageType.FloorIdle, Server) { SequenceNumber = 1, Indicator = FloorIndicator.ImminentPerilCall },
            ["revoke"] = FloorMessage.Revoke(Server, FloorRevokeCause.MediaBurstPreempted, "pre-empted"),
            ["revoke-request"] = new(FloorMessageType.FloorRevokeRequest, Participant) { RevokeRequestUserId = Bob },
            ["queue-position-request"] = new(FloorMessageType.FloorQueuePositionRequest, Participant)
            {
                TrackInfo = FloorTrackInfo.Create(false, "x"),
            },
            ["queue-position-info"] = new(FloorMessageType.FloorQueuePositionInfo, Server)
            {
                QueueInfo = new QueueInfo(3, 200),
                QueueSize = 9,
                QueuedUserId = Bob,
                Indicator = FloorIndicator.TemporaryGroupCall | FloorIndicator.SystemCall,
            },
            ["ack"] = FloorMessage.Ack(Participant, FloorSource.ControllingFunction, FloorMessageType.FloorQueuePositionInfo),
            ["media-flow-control"] = new(FloorMessageType.UnicastMediaFlowControl, Participant) { MediaFlowControl = (ushort)MediaFlowControl.Resume },
            ["queued-floor-requests"] = new(FloorMessageType.QueuedFloorRequests, Participant)
            {
                Purpose = QueuedFloorRequestsPurpose.CancelNotification,
                QueuedUsers = [Bob],
                ResponseState = 1,
                UserId = Alice,
            },
            ["release-multi-talker"] = new(FloorMessageType.FloorReleaseMultiTalker, Server)
            {
                UserId = Bob,
                GrantedSsrc = 0x05060708,
                Indicator = FloorIndicator.MultiTalker,
                FunctionalAlias = "sip:one@example.org",
            },
            ["location-tracking-area"] = new(FloorMessageType.FloorRequest, Participant) { Location = FloorLocation.TrackingArea(Plmn, 0xABCD) },
            ["location-plmn"] = new(FloorMessageType.FloorRequest, Participant) { Location = FloorLocation.OfPlmn(Plmn) },
            ["location-mbms"] = new(FloorMessageType.FloorRequest, Participant) { Location = FloorLocation.MbmsServiceArea(0x1234) },
            ["location-mbsfn"] = new(FloorMessageType.FloorRequest, Participant) { Location = FloorLocation.MbsfnArea(77) },
            ["location-point"] = new(FloorMessageType.FloorRequest, Participant) { Location = FloorLocation.Coordinates(0x123456, 0x0ABCDE) },
        };
}
