using Google.Protobuf;
using Mcptt.Media.Inward;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Inward;

[Clause("TS24.380 8.2")]
public sealed class FloorTranslationTests
{
    private const uint Leg = 3;

    private static readonly FloorTrackInfo Track = FloorTrackInfo.Create(true, "relay", 7);

    [Fact]
    public void Floor_Request_carries_all_its_fields()
    {
        var message = new FloorMessage(FloorMessageType.FloorRequest, 9)
        {
            Priority = 0,
            Indicator = FloorIndicator.EmergencyCall,
            TrackInfo = Track,
            FunctionalAlias = "sip:leader@example.org",
            Location = FloorLocation.MbsfnArea(5),
        };

        Assert.Equal(
            new FloorCommand
            {
                Request = new RequestFloor
                {
                    Leg = Leg,
                    HasPriority = true,
                    Priority = 0,
                    Indicator = 0x1000,
                    TrackInfo = ByteString.CopyFrom(Track.Value),
                    FunctionalAlias = "sip:leader@example.org",
                    Location = ByteString.CopyFrom(5, 5),
                    Ssrc = 9,
                },
            },
            FloorTranslation.ToCommand(Leg, message)
        );
    }

    [Fact]
    public void Floor_Request_without_fields_has_no_priority()
    {
        Assert.Equal(
            new FloorCommand { Request = new RequestFloor { Leg = Leg, Ssrc = 9 } },
            FloorTranslation.ToCommand(Leg, new FloorMessage(FloorMessageType.FloorRequest, 9))
        );
    }

    [Fact]
    public void Floor_Release_says_whether_it_wants_an_acknowledgement()
    {
        var message = new FloorMessage(FloorMessageType.FloorRelease, 9)
        {
            AcknowledgementRequired = true,
            Indicator = FloorIndicator.DualFloor,
            TrackInfo = Track,
        };

        Assert.Equal(
            new FloorCommand
            {
                Release = new ReleaseFloor
                {
                    Leg = Leg,
                    Indicator = 0x0200,
                    Acknowledge = true,
                    TrackInfo = ByteString.CopyFrom(Track.Value),
                },
            },
            FloorTranslation.ToCommand(Leg, message)
        );
    }

    [Fact]
    public void Other_messages_of_a_participant_have_their_commands()
    {
        Assert.Equal(
            new FloorCommand { RequestQueuePosition = new RequestQueuePosition { Leg = Leg, TrackInfo = ByteString.CopyFrom(Track.Value) } },
            FloorTranslation.ToCommand(Leg, new FloorMessage(FloorMessageType.FloorQueuePositionRequest, 9) { TrackInfo = Track })
        );
        Assert.Equal(
            new FloorCommand { Acknowledge = new AcknowledgeFloorMessage { Leg = Leg, MessageType = 5 } },
            FloorTranslation.ToCommand(Leg, FloorMessage.Ack(9, FloorSource.Participant, FloorMessageType.FloorIdle))
        );
        Assert.Equal(
            new FloorCommand { RevokeRequest = new RevokeFloorOfOther { Leg = Leg, User = "sip:bob@example.org" } },
            FloorTranslation.ToCommand(Leg, new FloorMessage(FloorMessageType.FloorRevokeRequest, 9) { RevokeRequestUserId = "sip:bob@example.org" })
        );
        Assert.Equal(
            new FloorCommand { QueuedRequests = new QueuedFloorRequestsReceived { Leg = Leg, Purpose = 0, Users = { "sip:bob@example.org" }, Acknowledge = true } },
            FloorTranslation.ToCommand(
                Leg,
                new FloorMessage(FloorMessageType.QueuedFloorRequests, 9)
                {
                    AcknowledgementRequired = true,
                    Purpose = QueuedFloorRequestsPurpose.CancelRequest,
                    QueuedUsers = ["sip:bob@example.org"],
                }
            )
        );
    }

    [Theory]
    [InlineData(FloorMessageType.FloorGranted)]
    [InlineData(FloorMessageType.FloorTaken)]
    [InlineData(FloorMessageType.FloorDeny)]
    [InlineData(FloorMessageType.FloorIdle)]
    [InlineData(FloorMessageType.FloorRevoke)]
    [InlineData(FloorMessageType.FloorQueuePositionInfo)]
    [InlineData(FloorMessageType.FloorReleaseMultiTalker)]
    [InlineData(FloorMessageType.FloorRevokeRequest)]
    [InlineData(FloorMessageType.FloorAck)]
    public void What_only_a_server_says_or_what_names_nobody_is_no_command(FloorMessageType type)
    {
        Assert.Null(FloorTranslation.ToCommand(Leg, new FloorMessage(type, 9)));
    }
}
