using Mcptt.Media.Sessions;

namespace Mcptt.Media.Tests.Node;

/// <summary>What a phone without floor channel says before it has the floor, byte for byte at the listener.</summary>
public sealed class HeldSpeechForwardingTests
{
    [Fact]
    public async Task First_syllable_of_a_plain_phone_is_heard_before_what_follows()
    {
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        var said = await SayAsync(media, plain, 5);
        await media.Sink.WaitForAsync(command => command.Floor?.MediaStarted?.Leg == 1);

        await media.TalkAsync(plain);
        said.AddRange([plain.Send(plain.Silence()), plain.Speak()]);

        foreach (var packet in said)
        {
            Assert.Equal(packet, await bob.ReceiveAsync());
        }

        Assert.False(plain.HasReceived);
        Assert.Equal(5, media.Counters[MediaCounter.RtpHeld]);
        Assert.Equal(5, media.Counters[MediaCounter.RtpHeldForwarded]);
    }

    [Fact]
    public async Task Packets_that_arrive_while_the_held_ones_are_sent_come_after_them()
    {
        const int Packets = HeldSpeech.MaxPackets;
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        var said = await SayAsync(media, plain, Packets / 2);

        var talk = Task.Run(() => media.TalkAsync(plain));
        for (var i = 0; i < Packets / 2; i++)
        {
            said.Add(plain.Speak());
        }

        await talk;
        foreach (var packet in said)
        {
            Assert.Equal(packet, await bob.ReceiveAsync());
        }
    }

    [Fact]
    public async Task What_was_said_is_dropped_when_somebody_else_gets_the_floor()
    {
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        var alice = await media.AddAsync(3);
        await SayAsync(media, plain, 3);

        await media.TalkAsync(alice);
        Assert.Equal(3, media.Counters[MediaCounter.RtpHeldDropped]);
        await media.TalkAsync(plain);

        Assert.Equal(plain.Speak(), await bob.ReceiveAsync());
    }

    [Fact]
    public async Task What_was_said_while_somebody_else_talked_is_dropped_when_the_floor_becomes_idle()
    {
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        var alice = await media.AddAsync(3);
        await media.TalkAsync(alice);
        await SayAsync(media, plain, 3);

        await media.TalkAsync();
        var said = await SayAsync(media, plain, 2);
        await media.TalkAsync(plain);

        Assert.Equal(said[0], await bob.ReceiveAsync());
        Assert.Equal(said[1], await bob.ReceiveAsync());
        Assert.Equal(3, media.Counters[MediaCounter.RtpHeldDropped]);
    }

    [Fact]
    public async Task What_was_said_is_dropped_when_nobody_decided_in_time()
    {
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        await SayAsync(media, plain, 3);

        media.Clock.Advance(HeldSpeech.HoldFor + TimeSpan.FromMilliseconds(50));
        Assert.Equal(3, media.Counters[MediaCounter.RtpHeldDropped]);
        await media.TalkAsync(plain);

        Assert.Equal(plain.Speak(), await bob.ReceiveAsync());
    }

    [Fact]
    public async Task What_was_said_is_dropped_when_the_phone_falls_silent()
    {
        var endOfRtp = TimeSpan.FromMilliseconds(500);
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { EndOfRtp = endOfRtp });
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        await SayAsync(media, plain, 3);

        media.Clock.Advance(endOfRtp);
        await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped?.Leg == 1);
        Assert.Equal(3, media.Counters[MediaCounter.RtpHeldDropped]);
        await media.TalkAsync(plain);

        Assert.Equal(plain.Speak(), await bob.ReceiveAsync());
    }

    [Fact]
    public async Task Newest_second_is_heard_of_a_phone_that_sends_more_than_is_held()
    {
        await using var media = await MediaHarness.StartAsync();
        var (plain, bob) = (await AddPlainAsync(media, 1), await media.AddAsync(2));
        var said = await SayAsync(media, plain, HeldSpeech.MaxPackets + 7);

        await media.TalkAsync(plain);

        foreach (var packet in said[7..])
        {
            Assert.Equal(packet, await bob.ReceiveAsync());
        }

        Assert.Equal(7, media.Counters[MediaCounter.RtpHeldDropped]);
    }

    [Fact]
    public async Task Nothing_is_held_of_a_leg_with_floor_channel()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await SayAsync(media, alice, 3);

        await media.TalkAsync(alice);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        Assert.Equal(3, media.Counters[MediaCounter.RtpWithoutPermission]);
    }

    private static Task<Phone> AddPlainAsync(MediaHarness media, uint leg) => media.AddAsync(leg, (put, _) => put.FloorRemote = "");

    private static async Task<List<byte[]>> SayAsync(MediaHarness media, Phone phone, int packets)
    {
        var said = new List<byte[]>();
        for (var i = 0; i < packets; i++)
        {
            said.Add(phone.Speech());
            await media.SendAsync(phone, said[^1]);
        }

        return said;
    }
}
