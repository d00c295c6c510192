using Google.Protobuf;
using Mcptt.Media.Sessions;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Node;

public sealed class FloorChannelTests
{
    private static readonly byte[] Idle = FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorIdle, 77) { SequenceNumber = 1 });
    private static readonly byte[] Granted = FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorGranted, 77) { DurationSeconds = 30 });

    [Fact]
    public async Task Floor_message_becomes_a_command_of_its_leg_to_the_floor_actor()
    {
        await using var media = await MediaHarness.StartAsync();
        await media.AddAsync(1);
        var bob = await media.AddAsync(2);
        bob.SendFloor(FloorMessageType.FloorRequest);

        var command = await media.Sink.WaitForAsync(command => command.Floor is not null);
        Assert.Equal(new RequestFloor { Leg = 2, Ssrc = bob.Ssrc }, command.Floor.Request);
        Assert.Equal(new ActorAddress { Kind = ActorKindName.Floor, Id = MediaHarness.Session }, command.To);
    }

    [Fact]
    [Clause("TS24.380 8.1.2")]
    public async Task Several_messages_in_one_datagram_become_commands_in_their_order()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        alice.SendFloor(
            FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRequest, alice.Ssrc)),
            FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorQueuePositionRequest, alice.Ssrc)),
            FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRelease, alice.Ssrc))
        );

        await media.Sink.WaitForAsync(3, command => command.Floor is not null);
        Assert.Equal(
            [FloorCommand.BodyOneofCase.Request, FloorCommand.BodyOneofCase.RequestQueuePosition, FloorCommand.BodyOneofCase.Release],
            media.Sink.Floor.Select(command => command.BodyCase)
        );
        await media.WaitForAsync(MediaCounter.FloorMessagesReceived, 3);
    }

    [Fact]
    public async Task Order_of_a_leg_is_kept_while_its_first_command_is_retried()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        var refuse = true;
        media.Sink.Answer = command =>
            ValueTask.FromResult(command.Floor?.Request?.Leg == 1 && Volatile.Read(ref refuse) ? RecordingSink.Unavailable : RecordingSink.Accepted);
        alice.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor?.Request is not null);
        alice.SendFloor(FloorMessageType.FloorRelease);
        bob.SendFloor(FloorMessageType.FloorRelease);
        await media.Sink.WaitForAsync(command => command.Floor?.Release?.Leg == 2);
        Assert.DoesNotContain(media.Sink.Floor, command => command.Release?.Leg == 1);
        Volatile.Write(ref refuse, false);
        while (media.Sink.Floor.All(command => command.Release?.Leg != 1))
        {
            media.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }

        Assert.Single(media.Sink.Commands.Where(command => command.Floor?.Request is not null).Select(command => command.CommandId).Distinct());
    }

    [Fact]
    public async Task Garbage_is_counted_and_troubles_no_actor()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            garbage[0] &= 0x7F;
            alice.SendFloor(garbage);
            await media.WaitForAsync(MediaCounter.FloorDatagramsReceived, i + 1);
        }

        alice.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor is not null);
        Assert.True(media.Counters[MediaCounter.FloorGarbage] == 200, $"seed {seed}: {media.Counters[MediaCounter.FloorGarbage]}");
        Assert.Single(media.Sink.Floor);
    }

    [Fact]
    public async Task Message_that_only_a_server_sends_is_not_handled()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        alice.SendFloor(FloorMessageType.FloorGranted);
        alice.SendFloor(FloorMessageType.FloorRequest);

        await media.Sink.WaitForAsync(command => command.Floor is not null);
        Assert.Equal(1, media.Counters[MediaCounter.FloorUnhandled]);
        Assert.Single(media.Sink.Floor);
    }

    [Fact]
    public async Task Stranger_is_not_handled()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        alice.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor is not null);
        using var stranger = new Phone(1) { FloorServer = alice.FloorServer };
        stranger.SendFloor(FloorMessageType.FloorRelease);
        await media.WaitForAsync(MediaCounter.FloorFromUnknown, 1);

        Assert.Single(media.Sink.Floor);
    }

    [Fact]
    public async Task Flood_of_one_leg_is_limited_and_the_others_are_served()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        for (var i = 0; i < MediaLeg.FloorMessagesAtOnce + 100; i++)
        {
            alice.SendFloor(FloorMessageType.FloorRequest);
            await media.WaitForAsync(MediaCounter.FloorDatagramsReceived, i + 1);
        }

        bob.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor?.Request?.Leg == 2);
        await media.Sink.WaitForAsync(MediaLeg.FloorMessagesAtOnce, command => command.Floor?.Request?.Leg == 1);
        Assert.Equal(100, media.Counters[MediaCounter.FloorRateLimited]);
    }

    [Fact]
    public async Task Server_messages_go_to_the_legs_named_and_pass_over_those_without_floor_channel()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.AddAsync(3, (put, _) => put.FloorRemote = "");
        await media.ApplyAsync(Floor((Granted, [1]), (Idle, [1, 2, 3])));

        Assert.Equal(Granted, await alice.ReceiveFloorAsync());
        Assert.Equal(Idle, await alice.ReceiveFloorAsync());
        Assert.Equal(Idle, await bob.ReceiveFloorAsync());
        Assert.Equal(3, media.Counters[MediaCounter.FloorMessagesSent]);
    }

    [Fact]
    public async Task Message_to_a_leg_that_is_not_there_yet_is_sent_when_it_comes_and_to_one_that_left_it_is_void()
    {
        await using var media = await MediaHarness.StartAsync();
        await media.ApplyAsync(Floor((Granted, [1]), (Idle, [1])));
        var alice = await media.AddAsync(1);

        Assert.Equal(Granted, await alice.ReceiveFloorAsync());
        Assert.Equal(Idle, await alice.ReceiveFloorAsync());
        await media.ApplyAsync(new MediaEffect { RemoveLeg = new RemoveMediaLeg { Leg = 1 } });
        await media.ApplyAsync(Floor((Granted, [1])));
        await media.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 1, RtpRemote = alice.RtpAddress, FloorRemote = alice.FloorAddress } });
        await media.ApplyAsync(Floor((Idle, [1])));
        Assert.Equal(Idle, await alice.ReceiveFloorAsync());
    }

    [Fact]
    public void Early_messages_are_bounded_and_the_oldest_goes()
    {
        var counters = new MediaNodeCounters();
        var early = new EarlyFloorMessages(counters);
        for (var i = 0; i < EarlyFloorMessages.Capacity + 3; i++)
        {
            early.Keep((uint)(i % 2), [(byte)i]);
        }

        Assert.Equal(3, counters[MediaCounter.FloorEarlyDropped]);
        Assert.Equal(EarlyFloorMessages.Capacity, early.Take(0).Count + early.Take(1).Count);
        Assert.Empty(early.Take(0));
    }

    [Fact]
    public async Task Participant_behind_a_NAT_is_answered_where_its_floor_messages_come_from()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1, (put, phone) => (put.FloorRemote, put.Ssrc) = ("10.9.8.7:4001", phone.Ssrc));
        alice.SendFloor("not a floor message"u8.ToArray());
        alice.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor?.Request?.Leg == 1);
        await media.ApplyAsync(Floor((Granted, [1])));

        Assert.Equal(Granted, await alice.ReceiveFloorAsync());
        Assert.Equal(1, media.Counters[MediaCounter.Latched]);
    }

    private static MediaEffect Floor(params (byte[] Payload, uint[] Legs)[] datagrams)
    {
        var order = new SendFloorMessages();
        order.Datagrams.AddRange(datagrams.Select(datagram => new FloorDatagram { Payload = ByteString.CopyFrom(datagram.Payload), Legs = { datagram.Legs } }));
        return new MediaEffect { SendFloor = order };
    }
}
