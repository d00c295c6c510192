using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sessions;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Rtp;

namespace Mcptt.Media.Tests.Node;

public sealed class ForwardingTests
{
    private const int Packets = 200;

    [Fact]
    public async Task Talkers_packets_reach_every_other_leg_byte_for_byte_and_nobody_elses_do()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob, carol) = (await media.AddAsync(1), await media.AddAsync(2), await media.AddAsync(3));
        await media.TalkAsync(alice);
        for (var i = 0; i < Packets; i++)
        {
            bob.Speak();
            var packet = alice.Speak();
            Assert.Equal(packet, await bob.ReceiveAsync());
            Assert.Equal(packet, await carol.ReceiveAsync());
        }

        await media.WaitUntilHandledAsync();
        Assert.False(alice.HasReceived);
        Assert.Equal(2 * Packets, media.Counters[MediaCounter.RtpSent]);
        Assert.Equal(Packets, media.Counters[MediaCounter.RtpWithoutPermission]);
    }

    [Fact]
    public async Task Any_payload_type_extension_and_padding_is_forwarded_as_it_is()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        var encrypted = new byte[300];
        new Random(1).NextBytes(encrypted);
        new RtpHeader { Padding = true, Extension = true, ExtensionWords = 3, CsrcCount = 2, PayloadType = 111, Ssrc = 5 }.Write(encrypted);

        foreach (var packet in new[] { encrypted, alice.Speech(33, 96), alice.Speech(0), alice.Silence(), alice.Speech(1400, 127) })
        {
            Assert.Equal(alice.Send(packet), await bob.ReceiveAsync());
        }
    }

    [Fact]
    public async Task Nobody_is_heard_before_the_floor_actor_names_a_talker_nor_after_it_names_none()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.SpeakAsync(alice);
        await media.TalkAsync(alice);
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        await media.TalkAsync();
        await media.SpeakAsync(alice);
        await media.TalkAsync(alice);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }

    [Fact]
    public async Task Two_talkers_hear_each_other()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob, carol) = (await media.AddAsync(1), await media.AddAsync(2), await media.AddAsync(3));
        await media.TalkAsync(alice, bob);

        var ofAlice = alice.Speak();
        Assert.Equal(ofAlice, await bob.ReceiveAsync());
        Assert.Equal(ofAlice, await carol.ReceiveAsync());
        var ofBob = bob.Speak();
        Assert.Equal(ofBob, await alice.ReceiveAsync());
        Assert.Equal(ofBob, await carol.ReceiveAsync());
    }

    [Fact]
    public async Task Order_of_a_lower_epoch_is_ignored()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.SetTalkersAsync(5, alice);
        await media.SetTalkersAsync(4);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }

    [Fact]
    public async Task Leg_that_only_sends_hears_nothing()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        var bob = await media.AddAsync(2, (put, _) => put.SendOnly = true);
        var carol = await media.AddAsync(3);
        await media.TalkAsync(alice);

        Assert.Equal(alice.Speak(), await carol.ReceiveAsync());
        await media.WaitUntilHandledAsync();
        Assert.Equal(1, media.Counters[MediaCounter.RtpSent]);
        Assert.False(bob.HasReceived);
    }

    [Fact]
    public async Task Removed_leg_neither_hears_nor_talks()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob, carol) = (await media.AddAsync(1), await media.AddAsync(2), await media.AddAsync(3));
        await media.TalkAsync(alice);
        await media.ApplyAsync(new MediaEffect { RemoveLeg = new RemoveMediaLeg { Leg = 2 } });
        Assert.Equal(alice.Speak(), await carol.ReceiveAsync());
        await media.ApplyAsync(new MediaEffect { RemoveLeg = new RemoveMediaLeg { Leg = 1 } });
        await media.SpeakAsync(alice);

        Assert.False(bob.HasReceived);
        Assert.False(carol.HasReceived);
        Assert.Equal(1, media.Counters[MediaCounter.RtpFromUnknown]);
    }

    [Fact]
    public async Task Phone_that_sends_from_another_port_is_latched_and_gets_its_media_there()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        using var announced = new Phone(99);
        var bob = await media.AddAsync(2, (put, phone) => (put.RtpRemote, put.Ssrc) = (announced.RtpAddress, phone.Ssrc));
        await media.SpeakAsync(bob);
        await media.TalkAsync(alice);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        Assert.False(announced.HasReceived);
        Assert.Equal(1, media.Counters[MediaCounter.Latched]);
    }

    [Fact]
    public async Task New_address_by_SIP_replaces_the_latched_one_and_the_same_address_keeps_it()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        using var announced = new Phone(99);
        var bob = await media.AddAsync(2, (put, phone) => (put.RtpRemote, put.Ssrc) = (announced.RtpAddress, phone.Ssrc));
        await media.SpeakAsync(bob);
        await media.TalkAsync(alice);
        await media.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 2, RtpRemote = announced.RtpAddress, Ssrc = bob.Ssrc } });
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        using var moved = new Phone(98);
        await media.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 2, RtpRemote = moved.RtpAddress } });

        Assert.Equal(alice.Speak(), await moved.ReceiveAsync());
        Assert.False(bob.HasReceived);
    }

    [Fact]
    public async Task Phone_that_was_heard_before_its_leg_was_there_gets_its_address_back_from_whom_it_was_taken_for()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        await media.SpeakAsync(alice);
        var bob = await media.AddAsync(2);
        using var carol = new Phone(3) { Server = bob.Server };
        await media.SpeakAsync(carol);
        await media.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 3, RtpRemote = carol.RtpAddress } });
        await media.TalkAsync(alice);

        var packet = alice.Speak();
        Assert.Equal(packet, await bob.ReceiveAsync());
        Assert.Equal(packet, await carol.ReceiveAsync());
    }

    [Fact]
    public async Task STUN_RTCP_and_garbage_neither_latch_nor_pass()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        using var announced = new Phone(99);
        var bob = await media.AddAsync(2, (put, phone) => (put.RtpRemote, put.Ssrc) = (announced.RtpAddress, phone.Ssrc));
        await media.TalkAsync(alice, bob);
        byte[] stun = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var rtcp = new byte[28];
        new RtcpSenderInfo(bob.Ssrc, 1, 2, 3, 4).Write(rtcp);
        foreach (var packet in new[] { stun, rtcp, [], "garbage garbage!"u8.ToArray(), new byte[5000] })
        {
            bob.Send(packet);
        }

        Assert.Equal(alice.Speak(), await announced.ReceiveAsync());
        Assert.Equal(0, media.Counters[MediaCounter.Latched]);
        Assert.False(alice.HasReceived);
        Assert.False(bob.HasReceived);
        Assert.Equal(4, media.Counters[MediaCounter.RtpNotRtp]);
    }

    [Fact]
    public async Task Stranger_is_not_heard()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        await media.SpeakAsync(bob);
        using var stranger = new Phone(1) { Server = alice.Server };
        await media.SpeakAsync(stranger);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        Assert.Equal(1, media.Counters[MediaCounter.RtpFromUnknown]);
    }

    [Fact]
    public async Task Flood_of_strangers_neither_keeps_known_legs_from_talking_nor_unheard_ones_from_being_found_later()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1, (put, _) => put.RtpRemote = "10.0.0.1:4000");
        var bob = await media.AddAsync(2);
        await media.AddAsync(3, (put, _) => put.RtpRemote = "10.0.0.1:5000");
        var carol = await media.AddAsync(4);
        await media.TalkAsync(alice, bob);
        var path = media.OpenSession.RtpPath;
        var stranger = IPEndPoint.Parse("203.0.113.1:9").Serialize();
        var packet = alice.Speech();
        for (var i = 0; i < 2 * SourceMatch.AttemptsPerSecond; i++)
        {
            path.OnDatagram(packet, stranger);
        }

        await media.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 1, RtpRemote = "10.0.0.1:4000", Ssrc = alice.Ssrc } });
        await media.SpeakAsync(alice);
        Assert.Equal(0, media.Counters[MediaCounter.Latched]);
        Assert.Equal(bob.Speak(), await carol.ReceiveAsync());
        media.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        Assert.Equal(1, media.Counters[MediaCounter.Latched]);
    }

    [Fact]
    public async Task Dead_listener_disturbs_nobody()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob, dead) = (await media.AddAsync(1), await media.AddAsync(2), await media.AddAsync(3));
        await media.AddAsync(4, (put, _) => put.RtpRemote = "255.255.255.255:9"); // Refused by the system: no broadcast.
        await media.TalkAsync(alice);
        dead.CloseRtp();
        for (var i = 0; i < Packets; i++)
        {
            Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        }

        Assert.Equal(1, media.Counters[MediaCounter.SendRefused]);
        Assert.Equal(0, media.Counters[MediaCounter.ReceiveFailed]);
    }

    [Fact]
    public async Task Forwarding_a_packet_allocates_nothing()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        for (uint leg = 3; leg <= 8; leg++)
        {
            await media.AddAsync(leg);
        }

        await media.TalkAsync(alice);
        var path = media.OpenSession.RtpPath;
        var packet = alice.Speech();
        var source = IPEndPoint.Parse(alice.RtpAddress).Serialize();
        var silent = IPEndPoint.Parse(bob.RtpAddress).Serialize();
        for (var i = 0; i < 50; i++)
        {
            path.OnDatagram(packet, source);
            path.OnDatagram(packet, silent);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            path.OnDatagram(packet, source);
            path.OnDatagram(packet, silent);
            path.OnDatagram([1, 2, 3], source);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Phones_over_IPv6_and_IPv4_share_a_session()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return;
        }

        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { BindAddress = IPAddress.IPv6Any, AdvertisedAddress = "localhost" });
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }

    [Theory]
    [InlineData(RtpPayloadType.Pcmu, "FFFFFFFF", false)]
    [InlineData(RtpPayloadType.Pcma, "D5D5D5D5", false)]
    [InlineData(RtpPayloadType.Pcmu, "FFFFFF7F", true)]
    [InlineData(RtpPayloadType.Pcmu, "", false)]
    [InlineData(RtpPayloadType.ComfortNoise, "0102", false)]
    [InlineData(111, "0102", true)]
    public void Digital_silence_and_comfort_noise_are_no_speech(byte payloadType, string payload, bool isSpeech)
    {
        using var phone = new Phone(1);
        var packet = phone.Packet(Convert.FromHexString(payload), payloadType);

        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.Equal(isSpeech, RtpPath.IsSpeech(packet, header));
    }
}
