using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Tests.Audio;

public sealed class SourceTests
{
    private const int FrameBytes = 160;

    [Fact]
    public void No_two_frames_of_two_tones_are_alike()
    {
        var seen = new HashSet<string>();
        foreach (var source in new[] { new ToneSource(440, 1), new ToneSource(440, 2) })
        {
            for (var i = 0; i < 3_000; i++)
            {
                var frame = new byte[FrameBytes];
                Assert.True(source.TryRead(frame));
                Assert.True(seen.Add(Convert.ToHexString(frame)));
            }
        }
    }

    [Fact]
    public void A_recording_ends_with_a_frame_filled_up_with_silence()
    {
        var source = new SampleSource(new short[] { 1_000, -1_000 });
        var frame = new byte[FrameBytes];
        Assert.True(source.TryRead(frame));
        Assert.Equal([0xCE, 0x4E, 0xFF], frame[..3]);
        Assert.All(frame[2..], code => Assert.Equal(0xFF, code));
        Assert.False(source.TryRead(frame));
    }
}
