using System.Net;
using Mcptt.Media.Sessions;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Node;

public sealed class FloodTests
{
    private const int DatagramsPerSecond = 10_000;
    private const int Packets = 100;
    private const int AtOnce = 50; // Fits into a socket's buffer.

    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan T101 = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Clause("TS24.380 8.1.4")]
    public async Task Talker_is_heard_whole_and_a_request_arrives_while_garbled_floor_messages_pour_in()
    {
        var seed = Seed.Take();
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        alice.SendFloor(FloorMessageType.FloorRelease);
        bob.SendFloor(FloorMessageType.FloorRelease);
        await media.Sink.WaitForAsync(2, command => command.Floor?.Release is not null);
        var said = new List<byte[]>();
        var sent = 0L;
        using (var flood = new DatagramFlood(new IPEndPoint(IPAddress.Loopback, (int)media.Opened.FloorPort), DatagramsPerSecond, Good(), seed))
        {
            for (var i = 0; i < Packets; i++)
            {
                said.Add(alice.Speak());
                if (i % (int)(T101 / PacketTime) == 0)
                {
                    bob.SendFloor(FloorMessageType.FloorRequest);
                }

                await Task.Delay(PacketTime);
                media.Clock.Advance(PacketTime);
            }

            sent = flood.Sent;
            Assert.True(media.Sink.Floor.Any(command => command.Request?.Leg == bob.Leg), $"no request arrived, seed {seed}");
        }

        foreach (var packet in said)
        {
            Assert.Equal(packet, await bob.ReceiveAsync());
        }

        Assert.True(sent >= DatagramsPerSecond, $"the flood was {sent} datagrams");
        Assert.InRange(media.Counters[MediaCounter.FloorDatagramsReceived], sent / 10, sent + Packets + DatagramsPerSecond);
        Assert.All(media.Sink.Floor, command => Assert.True(IsOf(command, alice.Leg, bob.Leg), $"{command} of seed {seed}"));
        Assert.Equal(2, media.Sink.Floor.Count(command => command.Release is not null));
        Assert.Equal(0, media.Counters[MediaCounter.ReceiveFailed]);
    }

    [Fact]
    public async Task Phone_whose_floor_channel_a_stranger_took_gets_it_back_however_many_strangers_there_are()
    {
        await using var media = await MediaHarness.StartAsync();
        var bob = await media.AddAsync(1);
        using var stranger = StrangerTo(media);
        stranger.SendFloor(FloorMessageType.FloorRelease);
        await media.Sink.WaitForAsync(command => command.Floor?.Release?.Leg == bob.Leg);
        await SpendAttemptsAsync(media, phone => phone.SendFloor(FloorMessageType.FloorRelease), MediaCounter.FloorFromUnknown);

        bob.SendFloor(FloorMessageType.FloorRequest);

        await media.Sink.WaitForAsync(command => command.Floor?.Request?.Leg == bob.Leg);
    }

    [Fact]
    public async Task Talker_whose_place_a_stranger_took_gets_it_back_however_many_strangers_there_are()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        bob.Speak();
        await media.WaitForAsync(MediaCounter.RtpWithoutPermission, 1);
        await media.TalkAsync(alice);
        using var stranger = StrangerTo(media);
        Assert.Equal(stranger.Speak(), await bob.ReceiveAsync());
        await SpendAttemptsAsync(media, phone => phone.Speak(), MediaCounter.RtpFromUnknown);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }

    // The clock stands still, so what is spent stays spent.
    private static async Task SpendAttemptsAsync(MediaHarness media, Action<Phone> send, MediaCounter unknown)
    {
        using var stranger = StrangerTo(media);
        for (var i = 1; i <= SourceMatch.AttemptsPerSecond; i++)
        {
            send(stranger);
            if (i % AtOnce == 0)
            {
                await media.WaitForAsync(unknown, i);
            }
        }
    }

    private static Phone StrangerTo(MediaHarness media) =>
        new(99)
        {
            Server = new IPEndPoint(IPAddress.Loopback, (int)media.Opened.RtpPort),
            FloorServer = new IPEndPoint(IPAddress.Loopback, (int)media.Opened.FloorPort),
        };

    // Strangers are taken for nobody, whatever they say.
    private static bool IsOf(FloorCommand command, uint talker, uint asking) =>
        command.MediaStarted?.Leg == talker || command.Request?.Leg == asking || command.Release is not null;

    private static List<byte[]> Good() =>
    [
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRequest, 7) { Priority = 5, Indicator = FloorIndicator.NormalCall }),
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRelease, 7)),
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorTaken, 7) { GrantedPartyIdentity = "sip:alice@example.org", SequenceNumber = 3 }),
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorQueuePositionRequest, 7) { UserId = "sip:bob@example.org" }),
    ];
}
