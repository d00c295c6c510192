using Mcptt.Protocol.Rtp;
using Mcptt.Testing;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Tests.Media;

public sealed class RtpReceiverTests : IReceiverEvents, IDisposable
{
    private const uint OwnSsrc = 1;
    private const uint Alice = 100;
    private const uint Bob = 200;
    private const int FrameMs = 20;

    private readonly FakeClock _clock = new();
    private readonly List<string> _told = [];
    private readonly RtpReceiver _receiver;
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".wav");
    private int _packets;

    public RtpReceiverTests() => _receiver = new RtpReceiver(_clock, OwnSsrc, this);

    [Fact]
    public void Silence_ends_a_spurt()
    {
        Burst(Alice, first: 0, count: 10);
        Assert.Equal(["started 100"], _told);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["started 100", "ended 100 10 0"], _told);
    }

    [Fact]
    public void Another_talker_ends_the_spurt_of_the_one_before()
    {
        Burst(Alice, first: 0, count: 3);
        Burst(Bob, first: 50, count: 2);
        Assert.Equal(["started 100", "started 200"], _told[..2]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["ended 100 3 0", "ended 200 2 0"], _told[2..].Order());
    }

    [Fact]
    public void A_spurt_counts_what_it_lost()
    {
        Packet(Alice, 0, 0, marker: true);
        Packet(Alice, 3, 480);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ended 100 2 2", _told[^1]);
        Assert.Equal(2, _receiver.Report()[Alice].Lost);
    }

    [Fact]
    public void What_is_no_RTP_or_our_own_is_ignored()
    {
        _receiver.Take([]);
        _receiver.Take([0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Packet(OwnSsrc, 0, 0);
        Assert.Equal(3, _receiver.Ignored);
        Assert.Empty(_told);
    }

    [Fact]
    public void More_sources_than_a_call_can_have_are_not_kept()
    {
        for (uint ssrc = 1_000; ssrc < 1_000 + RtpReceiver.MaxSources + 10; ssrc++)
        {
            Packet(ssrc, 0, 0);
        }

        Assert.Equal(RtpReceiver.MaxSources, _receiver.Report().Count);
        Assert.Equal(10, _receiver.Ignored);
    }

    [Fact]
    public void A_recording_lasts_as_long_as_it_was_made_and_keeps_the_silence()
    {
        Assert.Null(_receiver.Record(_path));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Burst(Alice, first: 0, count: 50);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Burst(Bob, first: 0, count: 50);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _receiver.Dispose();

        Assert.True(WavFile.TryRead(_path, out var samples, out var fault), fault);
        Assert.Equal(6 * WavFile.SampleRate, samples.Length);
        bool Speech(double second) => samples[(int)(second * WavFile.SampleRate)..][..WavFile.SampleRate].Any(sample => Math.Abs((int)sample) > 1_000);
        Assert.Equal([false, true, false, false, true, false], Enumerable.Range(0, 6).Select(second => Speech(second)));
    }

    [Fact]
    public void A_recording_that_cannot_be_written_says_why() =>
        Assert.Contains("no-such-folder", _receiver.Record("/no-such-folder/x.wav"));

    public void Dispose()
    {
        _receiver.Dispose();
        File.Delete(_path);
    }

    void IReceiverEvents.SpurtStarted(uint ssrc) => _told.Add($"started {ssrc}");

    void IReceiverEvents.SpurtEnded(uint ssrc, long packets, long lost) => _told.Add($"ended {ssrc} {packets} {lost}");

    void IReceiverEvents.Packet(ReadOnlySpan<byte> payload, long timestamp) => _packets++;

    private void Burst(uint ssrc, ushort first, int count)
    {
        var tone = new ToneSource(440, ssrc);
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[RtpSender.FrameOctets];
            tone.TryRead(payload);
            Packet(ssrc, (ushort)(first + i), (uint)(i * RtpSender.FrameOctets), i == 0, payload);
            _clock.Advance(TimeSpan.FromMilliseconds(FrameMs));
        }
    }

    private void Packet(uint ssrc, ushort sequence, uint timestamp, bool marker = false, byte[]? payload = null)
    {
        payload ??= new byte[RtpSender.FrameOctets];
        var packet = new byte[RtpHeader.FixedOctets + payload.Length];
        new RtpHeader { Ssrc = ssrc, SequenceNumber = sequence, Timestamp = timestamp, Marker = marker }.Write(packet);
        payload.CopyTo(packet, RtpHeader.FixedOctets);
        _receiver.Take(packet);
    }
}
