using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Tests.Audio;

public sealed class WavRecorderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".wav");

    [Fact]
    public void Silence_between_two_frames_is_kept() => Assert.Equal([1, 2, 0, 0, 3, 4], Record(r =>
    {
        r.Write(0, [1, 2]);
        r.Write(4, [3, 4]);
    }));

    [Fact]
    public void A_frame_that_comes_late_is_put_where_it_belongs() => Assert.Equal([1, 2, 9, 9, 3, 4], Record(r =>
    {
        r.Write(0, [1, 2]);
        r.Write(4, [3, 4]);
        r.Write(2, [9, 9]);
    }));

    [Fact]
    public void Talkers_at_the_same_time_are_mixed_without_wrapping() => Assert.Equal([30, short.MaxValue, 5], Record(r =>
    {
        r.Write(0, [10, 30_000]);
        r.Write(0, [20, 30_000, 5]);
    }));

    [Fact]
    public void The_end_is_silent_up_to_the_end_of_the_recording() => Assert.Equal([7, 0, 0], Record(r =>
    {
        r.Write(0, [7]);
        r.ExtendTo(3);
    }));

    [Fact]
    public void What_lies_beyond_the_longest_recording_is_left_out() => Assert.Equal([7], Record(r =>
    {
        r.Write(0, [7]);
        r.Write((long)WavRecorder.MaxDuration.TotalSeconds * WavFile.SampleRate, [8]);
        r.Write(-1, [8]);
    }));

    public void Dispose() => File.Delete(_path);

    private short[] Record(Action<WavRecorder> write)
    {
        using (var recorder = new WavRecorder(_path))
        {
            write(recorder);
        }

        Assert.True(WavFile.TryRead(_path, out var samples, out var fault), fault);
        return samples;
    }
}
