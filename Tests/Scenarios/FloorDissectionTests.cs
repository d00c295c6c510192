using System.Globalization;
using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Tests.Floor;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>
/// Calls with every message of TS 24.380 8.2 that passes between this server and its clients, recorded at the clients' sockets and read by
/// a dissector that nobody here wrote.
/// </summary>
public sealed class FloorDissectionTests
{
    private const int AcknowledgementBit = 16;

    // tshark 4.0 has no names for these: it says so, and shows the octets, which are compared.
    private static readonly string[] KnownComplaints = ["Unknown field"];

    private static readonly int[] FromClients =
    [
        0, 4, 4 + AcknowledgementBit, 7, 8, 10, 11, 11 + AcknowledgementBit, 14, 14 + AcknowledgementBit,
    ];

    private static readonly int[] FromServer =
    [
        1, 1 + AcknowledgementBit, 2, 2 + AcknowledgementBit, 3, 3 + AcknowledgementBit, 5, 5 + AcknowledgementBit, 6, 9, 9 + AcknowledgementBit, 10, 14, 14 + AcknowledgementBit, 15,
    ];

    private static readonly FloorIndicator[] Bits =
    [
        FloorIndicator.NormalCall, FloorIndicator.EmergencyCall, FloorIndicator.ImminentPerilCall, FloorIndicator.QueueingSupported, FloorIndicator.DualFloor,
        FloorIndicator.MultiTalker,
    ];

    [RequiresToolFact("tshark", "text2pcap")]
    [Clause("TS24.380 8.2")]
    public async Task Dissector_agrees_with_every_field_of_a_recorded_run_of_every_message()
    {
        var wire = new FloorRecord();
        await SingleFloorAsync(wire);
        await DualFloorAsync(wire);
        await MultiTalkerAsync(wire);
        var datagrams = wire.Datagrams;
        Assert.Equal(FromClients, Subtypes(datagrams, sent: true));
        Assert.Equal(FromServer, Subtypes(datagrams, sent: false));
        Assert.All(Bits, bit => Assert.Contains(datagrams.SelectMany(datagram => datagram.Messages), message => message.Indicator?.HasFlag(bit) == true));

        var rows = await FloorDissector.DissectAsync(datagrams.Select(datagram => new FloorFrame(datagram.Time, datagram.From, datagram.To, datagram.Octets)));
        Assert.Equal(datagrams.Count, rows.Count);
        foreach (var (datagram, row) in datagrams.Zip(rows))
        {
            Assert.All(Taken(row, "_ws.expert.message").Split(';', StringSplitOptions.RemoveEmptyEntries), complaint => Assert.Contains(complaint, KnownComplaints));
            Assert.Equal(
                (datagram.From.Port, datagram.To.Port),
                (int.Parse(Taken(row, "udp.srcport"), CultureInfo.InvariantCulture), int.Parse(Taken(row, "udp.dstport"), CultureInfo.InvariantCulture)));
            Assert.Equal(EpochOf(datagram), Taken(row, "frame.time_epoch")[..EpochOf(datagram).Length]);
            Assert.Equal(FloorDissector.Text(Expect(datagram)), FloorDissector.Text(row));
        }
    }

    private static async Task SingleFloorAsync(FloorRecord wire)
    {
        await using var scene = await Scene.OpenAsync(group => group.QueueDepth = 1, new FloorSettings { Release = 19 }, wire);
        var phones = await scene.InCallAsync("alice", "bob", "carol", "dave");
        var (alice, bob, carol, dave) = (phones[0], phones[1], phones[2], phones[3]);
        wire.FromNow();
        alice.Inject(new FloorMessage(FloorMessageType.FloorRequest, 0)
        {
            Priority = 7,
            TrackInfo = FloorTrackInfo.Create(queueingCapability: true, "relay", 7, 8),
            FunctionalAlias = "sip:driver@example.org",
            Location = FloorLocation.Coordinates(4_000_000, 2_000_000),
        });
        await wire.ExpectAsync(bob, FloorMessageType.FloorTaken);
        bob.Press();
        await bob.ExpectAsync("queued");
        Assert.Null(bob.Ue.AskQueuePosition());
        await bob.ExpectAsync("queued");
        carol.Press();
        await carol.ExpectAsync("denied");
        await CancelAndRevokeAsync(scene, alice, bob, carol);
        alice.Inject(new FloorMessage(FloorMessageType.UnicastMediaFlowControl, 0) { MediaFlowControl = (ushort)MediaFlowControl.Resume });
        alice.Inject(new FloorMessage(FloorMessageType.UnicastMediaFlowControl, 0) { MediaFlowControl = (ushort)MediaFlowControl.Stop, AcknowledgementRequired = true });
        await PreemptAsync(scene, alice, dave);
        await AcknowledgeAsync(scene, alice, bob, carol);
    }

    private static async Task CancelAndRevokeAsync(Scene scene, Phone alice, Phone bob, Phone carol)
    {
        var cancel = new FloorMessage(FloorMessageType.QueuedFloorRequests, 0) { Purpose = QueuedFloorRequestsPurpose.CancelRequest, QueuedUsers = [bob.User] };
        carol.Inject(cancel with { AcknowledgementRequired = true });
        Assert.Equal(1, (int?)(await scene.Wire.ExpectAsync(carol, FloorMessageType.QueuedFloorRequests)).ResponseState);
        var floor = await scene.FloorViewAsync((await scene.GroupViewAsync()).Call);
        var participant = floor.Participants.Single(one => one.McpttId == carol.User);
        (participant.MayCancelQueued, participant.MayRevoke) = (true, true);
        await scene.OrderFloorAsync(new FloorCommand { AddParticipant = new AddParticipant { Participant = participant } });
        carol.Inject(cancel);
        Assert.Equal(0, (int?)(await scene.Wire.ExpectAsync(carol, FloorMessageType.QueuedFloorRequests)).ResponseState);
        Assert.Equal(QueuedFloorRequestsPurpose.CancelNotification, (await scene.Wire.ExpectAsync(bob, FloorMessageType.QueuedFloorRequests)).Purpose);
        bob.Release();
        await bob.ExpectAsync("released");
        carol.Inject(new FloorMessage(FloorMessageType.FloorRevokeRequest, 0) { RevokeRequestUserId = alice.User });
        Assert.Equal(FloorRevokeCause.RevokedByAnotherClient, (await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorRevoke)).RevokeCause);
        alice.Inject(new FloorMessage(FloorMessageType.FloorRelease, 0) { AcknowledgementRequired = true });
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorAck);
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorIdle);
    }

    private static async Task PreemptAsync(Scene scene, Phone alice, Phone dave)
    {
        await scene.OrderFloorAsync(new FloorCommand { SetCondition = new SetCallCondition { ImminentPeril = true } });
        alice.Press();
        await alice.ExpectAsync("granted");
        dave.Press(new FloorWish(9, (ushort)FloorIndicator.ImminentPerilCall));
        await dave.ExpectAsync("granted");
        dave.Release();
        await dave.ExpectAsync("released");
        await scene.OrderFloorAsync(new FloorCommand { SetCondition = new SetCallCondition { Emergency = true } });
        dave.Press(new FloorWish(9, (ushort)FloorIndicator.EmergencyCall));
        await dave.ExpectAsync("granted");
        dave.Release();
        await dave.ExpectAsync("released");
    }

    private static async Task AcknowledgeAsync(Scene scene, Phone alice, Phone bob, Phone carol)
    {
        var rules = new FloorRules { GroupId = Scene.Group, QueueDepth = 1, Acknowledge = true };
        await scene.OrderFloorAsync(new FloorCommand { Open = new OpenFloor { MediaNode = Scene.NodeName, Rules = rules } });
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorIdle, message => message.AcknowledgementRequired);
        alice.Press();
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorGranted, message => message.AcknowledgementRequired);
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorTaken, message => message.AcknowledgementRequired);
        await alice.ExpectAsync("granted");
        bob.Inject(FloorMessageType.FloorRequest);
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorQueuePositionInfo, message => message.AcknowledgementRequired);
        carol.Inject(FloorMessageType.FloorRequest);
        await scene.Wire.ExpectAsync(carol, FloorMessageType.FloorDeny, message => message.AcknowledgementRequired);
        carol.Inject(new FloorMessage(FloorMessageType.QueuedFloorRequests, 0) { Purpose = QueuedFloorRequestsPurpose.CancelRequest, QueuedUsers = [bob.User] });
        await scene.Wire.ExpectAsync(carol, FloorMessageType.QueuedFloorRequests, message => message.AcknowledgementRequired);
        alice.Release();
        await alice.ExpectAsync("released");
    }

    private static async Task DualFloorAsync(FloorRecord wire)
    {
        await using var scene = await Scene.OpenAsync(group => group.DualFloor = true, wire: wire);
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        wire.FromNow();
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[2].Press();
        await phones[2].ExpectAsync("granted");
        await wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, message => message.Indicator?.HasFlag(FloorIndicator.DualFloor) == true);
        phones[2].Release();
        await wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, message => message.Indicator?.HasFlag(FloorIndicator.DualFloor) == true);
    }

    private static async Task MultiTalkerAsync(FloorRecord wire)
    {
        await using var scene = await Scene.OpenAsync(
            group =>
            {
                group.MaxTalkers = 2;
                group.Members.ToList().ForEach(member => member.MultiTalkerAllowed = true);
            },
            wire: wire);
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        wire.FromNow();
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        await wire.ExpectAsync(phones[2], FloorMessageType.FloorTaken, message => message.GrantedUsers?.Count == 2);
        phones[1].Release();
        await wire.ExpectAsync(phones[2], FloorMessageType.FloorReleaseMultiTalker);
    }

    private static IEnumerable<int> Subtypes(IEnumerable<RecordedDatagram> datagrams, bool sent) =>
        datagrams.Where(datagram => datagram.Sent == sent).SelectMany(datagram => datagram.Messages)
            .Select(message => (int)message.Type + (message.AcknowledgementRequired ? AcknowledgementBit : 0))
            .Distinct().OrderBy(subtype => subtype % AcknowledgementBit).ThenBy(subtype => subtype);

    // Of several messages in a datagram tshark lists the values of each field one after the other.
    private static Dictionary<string, string> Expect(RecordedDatagram datagram)
    {
        var expected = new Dictionary<string, string>();
        var at = 0;
        foreach (var message in datagram.Messages)
        {
            _ = FloorCodec.TryDecode(datagram.Octets.AsSpan(at), out _, out var octets);
            foreach (var (column, value) in FloorDissector.Expect(message, datagram.Octets.AsSpan(at, octets)))
            {
                expected[column] = expected.TryGetValue(column, out var before) ? $"{before};{value}" : value;
            }

            at += octets;
        }

        return expected;
    }

    private static string EpochOf(RecordedDatagram datagram) =>
        ((datagram.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1e6m).ToString("F6", CultureInfo.InvariantCulture);

    private static string Taken(Dictionary<string, string> row, string column)
    {
        row.Remove(column, out var value);
        return value ?? "";
    }
}
