using Mcptt.Protocol.Rtp;
using Mcptt.Testing;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Tests.Media;

[Clause("RFC3550 5.1")]
public sealed class RtpSenderTests : IDisposable
{
    private const uint Ssrc = 0xCAFE;

    private readonly FakeClock _clock = new();
    private readonly List<RtpHeader> _sent = [];
    private readonly RtpSender _sender;
    private long? _played;

    public RtpSenderTests() => _sender = new RtpSender(_clock, Ssrc, Take, packets => _played = packets);

    [Fact]
    public void A_second_of_speech_is_fifty_packets_of_rising_numbers()
    {
        _sender.Start(new ToneSource(440, 1), 0);
        _clock.Advance(TimeSpan.FromMilliseconds(990));
        Assert.Equal(50, _sent.Count);
        for (var i = 1; i < _sent.Count; i++)
        {
            Assert.Equal((ushort)(_sent[i - 1].SequenceNumber + 1), _sent[i].SequenceNumber);
            Assert.Equal(_sent[i - 1].Timestamp + RtpSender.FrameOctets, _sent[i].Timestamp);
        }

        Assert.All(_sent, header => Assert.Equal(Ssrc, header.Ssrc));
    }

    [Fact]
    [Clause("RFC3551 4.1")]
    public void The_marker_starts_each_burst_and_the_clock_runs_through_the_silence()
    {
        _sender.Start(new ToneSource(440, 1), 8);
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        _sender.Stop();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var before = _sent[^1];
        _sender.Start(new ToneSource(440, 1), 8);
        Assert.Equal([true, false, false, true], _sent.Select(header => header.Marker));
        Assert.Equal((ushort)(before.SequenceNumber + 1), _sent[^1].SequenceNumber);
        Assert.Equal(8_000u + 50 * 8, _sent[^1].Timestamp - _sent[0].Timestamp);
        Assert.All(_sent, header => Assert.Equal(8, header.PayloadType));
    }

    [Fact]
    public void After_Stop_nothing_is_sent()
    {
        _sender.Start(new ToneSource(440, 1), 0);
        _sender.Stop();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_sent);
    }

    [Fact]
    public void The_end_of_the_source_ends_the_burst_and_is_told()
    {
        _sender.Start(new SampleSource(new short[RtpSender.FrameOctets * 2 + 1]), 0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, _sent.Count);
        Assert.Equal(3, _played);
    }

    [Fact]
    public void A_machine_that_stood_still_skips_frames_instead_of_bursting()
    {
        var clock = new StandingClock();
        using var sender = new RtpSender(clock, Ssrc, Take);
        sender.Start(new ToneSource(440, 1), 0);
        clock.Now += TimeSpan.FromSeconds(2);
        clock.Tick();
        Assert.Equal(1 + RtpSender.MaxFramesPerTick, _sent.Count);
        Assert.Equal(100 - RtpSender.MaxFramesPerTick, sender.SkippedFrames);
        Assert.Equal(100u * RtpSender.FrameOctets, _sent[^1].Timestamp - _sent[0].Timestamp);
    }

    public void Dispose() => _sender.Dispose();

    private void Take(ReadOnlySpan<byte> packet)
    {
        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.Equal(RtpSender.FrameOctets, packet.Length - header.Octets);
        _sent.Add(header);
    }

    /// <summary>A machine that is suspended: its clock goes on and its timer fires once, late.</summary>
    private sealed class StandingClock : TimeProvider, ITimer
    {
        private TimerCallback? _callback;

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            return this;
        }

        public void Tick() => _callback!(null);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
