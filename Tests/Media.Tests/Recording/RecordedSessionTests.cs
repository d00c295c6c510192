using System.Net;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Recording;

/// <summary>Over real sockets: the recording is what listeners got.</summary>
public sealed class RecordedSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-recording-").FullName;

    private MediaOptions Options => MediaHarness.Options with { Recording = new RecordingOptions { Folder = _folder, MinFreeOctets = 0 } };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_listener_heard_is_in_the_file_byte_for_byte_with_the_talkers_address()
    {
        await using var media = await MediaHarness.StartAsync(Options, recorded: true);
        var (alice, bob) = (await media.AddAsync(1, (put, _) => put.McpttId = "sip:alice@example.org"), await media.AddAsync(2));
        await media.TalkAsync(alice);
        var heard = new List<byte[]>();
        for (var i = 0; i < 100; i++)
        {
            await media.SendAsync(bob, bob.Speech());
            alice.Send(alice.Speech(payloadOctets: i * 10));
            heard.Add(await bob.ReceiveAsync());
        }

        await media.WaitUntilHandledAsync();
        await media.TalkAsync();
        media.Clock.Advance(TimeSpan.FromSeconds(1));

        var burst = await BurstAsync(media);
        Assert.Equal(("sip:alice@example.org", 1u, 1ul, 100ul, 0ul), (burst.McpttId, burst.Leg, burst.TalkersEpoch, burst.Packets, burst.Lost));
        Assert.Equal(heard, Packets(burst).Select(packet => packet.Rtp));
        var source = IPEndPoint.Parse(alice.RtpAddress);
        Assert.All(Packets(burst), packet => Assert.Equal((source.Port, (int)media.Opened.RtpPort), packet.Ports));
    }

    [Fact]
    public async Task Held_speech_of_a_plain_phone_is_recorded_when_it_is_heard_and_not_when_it_is_not()
    {
        await using var media = await MediaHarness.StartAsync(Options, recorded: true);
        var (alice, bob) = (await media.AddAsync(1, (put, _) => put.FloorRemote = ""), await media.AddAsync(2, (put, _) => put.FloorRemote = ""));
        var said = new[] { alice.Speech(), alice.Speech(), alice.Speech() };
        await media.SendAsync(alice, said[0]);
        await media.SendAsync(bob, bob.Speech());
        await media.SendAsync(alice, said[1]);
        await media.TalkAsync(alice);
        await media.SendAsync(alice, said[2]);
        foreach (var packet in said)
        {
            Assert.Equal(packet, await bob.ReceiveAsync());
        }

        await media.TalkAsync();
        media.Clock.Advance(TimeSpan.FromSeconds(1));
        var burst = await BurstAsync(media);
        Assert.Equal(said, Packets(burst).Select(packet => packet.Rtp));
        Assert.All(Packets(burst), packet => Assert.Equal(IPEndPoint.Parse(alice.RtpAddress).Port, packet.Ports.Item1));
    }

    [Fact]
    public async Task Each_grant_has_a_file_of_its_own_and_one_that_goes_on_beside_another_has_one()
    {
        await using var media = await MediaHarness.StartAsync(Options, recorded: true);
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await GrantAsync(media, 1, (alice, 1));
        await media.SpeakAsync(alice);
        await GrantAsync(media, 2, (alice, 1), (bob, 2));
        await media.SpeakAsync(alice);
        await media.SpeakAsync(bob);
        await GrantAsync(media, 2, (alice, 1), (bob, 2));
        await media.SpeakAsync(alice);
        await GrantAsync(media, 3, (alice, 3));
        await media.SpeakAsync(alice);
        await GrantAsync(media, 4);
        media.Clock.Advance(TimeSpan.FromSeconds(1));

        var bursts = await media.Sink.WaitForAsync(3, command => command.Call?.RecordingClosed is not null);
        Assert.Equal(
            [(1u, 1ul, 3ul), (1u, 3ul, 1ul), (2u, 2ul, 1ul)],
            bursts.Select(command => command.Call.RecordingClosed.Burst).Select(burst => (burst.Leg, burst.TalkersEpoch, burst.Packets)).Order());
    }

    [Fact]
    public async Task A_session_that_closes_or_a_leg_that_leaves_ends_the_recording_of_its_burst()
    {
        await using var media = await MediaHarness.StartAsync(Options, recorded: true);
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice, bob);
        await media.SpeakAsync(alice);
        await media.SpeakAsync(bob);
        await media.ApplyAsync(new MediaEffect { RemoveLeg = new RemoveMediaLeg { Leg = 1 } });
        media.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1u, (await BurstAsync(media)).Leg);

        await media.ApplyAsync(new MediaEffect { Close = new CloseMediaSession() });
        await WaitForAsync(media, () => media.Sink.Commands.Count(command => command.Call?.RecordingClosed is not null) == 2);
    }

    [Fact]
    public async Task A_call_that_is_not_recorded_leaves_nothing()
    {
        await using var media = await MediaHarness.StartAsync(Options);
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        await media.TalkAsync();
        await media.Node.StopAsync(CancellationToken.None);

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Recording_allocates_nothing_per_packet_in_forwarding()
    {
        await using var media = await MediaHarness.StartAsync(Options, recorded: true);
        var (alice, _) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        var path = media.OpenSession.RtpPath;
        var packet = alice.Speech();
        var source = IPEndPoint.Parse(alice.RtpAddress).Serialize();
        for (var i = 0; i < 50; i++)
        {
            path.OnDatagram(packet, source);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            path.OnDatagram(packet, source);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await media.TalkAsync();
        media.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1_050ul, 0ul), ((await BurstAsync(media)).Packets, (await BurstAsync(media)).Lost));
    }

    private static Task GrantAsync(MediaHarness media, ulong epoch, params (Phone Phone, ulong Granted)[] talkers)
    {
        var order = new SetTalkers { Epoch = epoch };
        order.Talkers.AddRange(talkers.Select(talker => new Talker { Leg = talker.Phone.Leg, T1Ms = MediaHarness.T1Ms, GrantedEpoch = talker.Granted }));
        return media.ApplyAsync(new MediaEffect { SetTalkers = order });
    }

    private static async Task<RecordedBurst> BurstAsync(MediaHarness media) =>
        (await media.Sink.WaitForAsync(command => command.Call?.RecordingClosed is not null)).Call.RecordingClosed.Burst;

    // A session closes beside the command that closes it.
    private static async Task WaitForAsync(MediaHarness media, Func<bool> wanted)
    {
        for (var attempt = 0; attempt < 400 && !wanted(); attempt++)
        {
            media.Clock.Advance(TimeSpan.FromMilliseconds(300));
            await Task.Delay(10);
        }

        Assert.True(wanted());
    }

    private List<(byte[] Rtp, (int, int) Ports)> Packets(RecordedBurst burst)
    {
        Assert.True(PcapReader.TryOpen(File.OpenRead(Path.Combine(_folder, burst.File)), out var reader, out var problem), problem);
        using (reader)
        {
            var packets = new List<(byte[], (int, int))>();
            while (reader.TryNext())
            {
                var udp = reader.Record.Span[^(reader.Packet.Length + 8)..];
                packets.Add((reader.Packet.ToArray(), ((udp[0] << 8) | udp[1], (udp[2] << 8) | udp[3])));
            }

            return packets;
        }
    }
}
