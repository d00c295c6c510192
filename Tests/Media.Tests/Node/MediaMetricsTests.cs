using System.Diagnostics.Metrics;
using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Node;

public sealed class MediaMetricsTests : IDisposable
{
    private readonly Measurements _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Every_counter_of_a_media_node_is_published() => Assert.Empty(MediaMetrics.Unpublished);

    [Theory]
    [Clause("TS22.179 6.15.3")]
    [InlineData(FloorMessageType.FloorGranted, "granted")]
    [InlineData(FloorMessageType.FloorDeny, "denied")]
    [InlineData(FloorMessageType.FloorQueuePositionInfo, "queued")]
    public async Task Access_time_ends_with_the_first_word_about_the_request(FloorMessageType answer, string outcome)
    {
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { Meters = _meters });
        var alice = await media.AddAsync(1);
        alice.SendFloor(FloorMessageType.FloorRequest);
        await media.Sink.WaitForAsync(command => command.Floor?.Request is not null);
        media.Clock.Advance(TimeSpan.FromMilliseconds(120));
        await TellAsync(media, FloorMessageType.FloorTaken);
        await TellAsync(media, answer);
        await TellAsync(media, FloorMessageType.FloorGranted);

        var (tags, seconds) = Assert.Single(_meters.Of("mcptt.floor.access.duration"));
        Assert.Equal(0.12, seconds, 3);
        Assert.Equal($"outcome={outcome},channel=floor", tags);
    }

    [Fact]
    public async Task Request_that_was_withdrawn_has_no_access_time()
    {
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { Meters = _meters });
        var alice = await media.AddAsync(1);
        alice.SendFloor(FloorMessageType.FloorRequest);
        alice.SendFloor(FloorMessageType.FloorRelease);
        await media.Sink.WaitForAsync(command => command.Floor?.Release is not null);
        await TellAsync(media, FloorMessageType.FloorGranted);

        Assert.Empty(_meters.Of("mcptt.floor.access.duration"));
    }

    [Fact]
    public async Task Plain_phone_asks_by_speaking_and_its_access_time_ends_when_it_may_talk()
    {
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { Meters = _meters });
        var phone = await media.AddAsync(1, (put, _) => put.FloorRemote = "");
        phone.Speak();
        await media.Sink.WaitForAsync(command => command.Floor?.MediaStarted is not null);
        media.Clock.Advance(TimeSpan.FromMilliseconds(40));
        await media.TalkAsync(phone);

        var (tags, seconds) = Assert.Single(_meters.Of("mcptt.floor.access.duration"));
        Assert.Equal(0.04, seconds, 3);
        Assert.Equal("outcome=granted,channel=speech", tags);
    }

    [Fact]
    public async Task Who_comes_while_somebody_talks_is_timed_until_it_hears()
    {
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { Meters = _meters });
        var alice = await media.AddAsync(1);
        await media.TalkAsync(alice);
        var bob = await media.AddAsync(2);
        media.Clock.Advance(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < MediaMetrics.PacketsPerTimed; i++)
        {
            alice.Speak();
            await bob.ReceiveAsync();
        }

        Assert.Equal(0.02, Assert.Single(_meters.Of("mcptt.media.entry.duration")).Value, 3);
        Assert.Single(_meters.Of("mcptt.media.forward.duration"));
    }

    [Fact]
    public async Task Measuring_packets_allocates_nothing()
    {
        using var meters = new OwnMeters();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        var timed = 0;
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => timed++);
        listener.Start();
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { Meters = meters });
        var alice = await media.AddAsync(1);
        await media.AddAsync(2);
        await media.TalkAsync(alice);
        var source = System.Net.IPEndPoint.Parse(alice.RtpAddress).Serialize();
        var packets = Enumerable.Range(0, MediaMetrics.PacketsPerTimed).Select(_ => alice.Speech()).ToArray();
        Forward(10);
        var (before, first) = (GC.GetAllocatedBytesForCurrentThread(), timed);
        Forward(50);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, timed - first);

        void Forward(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                foreach (var packet in packets)
                {
                    media.OpenSession.RtpPath.OnDatagram(packet, source);
                }
            }
        }
    }

    private static Task TellAsync(MediaHarness media, FloorMessageType type)
    {
        var message = FloorCodec.Encode(new FloorMessage(type, 1));
        return media.ApplyAsync(new MediaEffect { SendFloor = new SendFloorMessages { Datagrams = { new FloorDatagram { Payload = ByteString.CopyFrom(message), Legs = { 1 } } } } });
    }

    // Keeps nothing, unlike Measurements.
    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Scope = this });

        public void Dispose()
        {
            // Nothing is kept here.
        }
    }
}
