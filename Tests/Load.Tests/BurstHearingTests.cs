using Mcptt.Load.Measuring;
using Mcptt.Testing;

namespace Mcptt.Load.Tests;

public sealed class BurstHearingTests
{
    [Fact]
    public void Lost_repeated_and_late_packets_are_told_apart()
    {
        var hearing = new BurstHearing();

        var first = new uint[] { 2, 3, 5, 5, 4, 1, 9 }.Select(hearing.Take).ToList();

        Assert.Equal([true, false, false, false, false, false, false], first);
        Assert.Equal((6, 1u, 1, 2), (hearing.Heard, hearing.First, hearing.Duplicated, hearing.Reordered));
    }

    [Fact]
    public void Any_order_within_the_window_is_heard_whole()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var frames = Enumerable.Range(0, 500).Select(frame => (uint)frame).ToArray();
            for (var start = 0; start + 30 < frames.Length; start += 30)
            {
                random.Shuffle(frames.AsSpan(start, 30));
            }

            var hearing = new BurstHearing();
            foreach (var frame in frames)
            {
                hearing.Take(frame);
                hearing.Take(frame);
            }

            Assert.True((hearing.Heard, hearing.Duplicated, hearing.First) == (500, 500, 0u), $"heard {hearing.Heard}, duplicated {hearing.Duplicated}, first {hearing.First}; seed {seed}");
        }
    }

    [Fact]
    public void A_stamp_is_read_as_it_was_written_and_nothing_else_is_one()
    {
        var payload = new byte[60];
        var stamp = new SpeechStamp(0xFEDCBA98, 7, 12_345, -987_654_321_012);
        stamp.Write(payload);

        Assert.True(SpeechStamp.TryRead(payload, out var read));
        Assert.Equal(stamp, read);
        Assert.False(SpeechStamp.TryRead(payload.AsSpan(0, SpeechStamp.Octets - 1), out _));
        Assert.False(SpeechStamp.TryRead(new byte[160], out _));
    }

    [Fact]
    public void A_tally_is_bounded_and_loses_no_count()
    {
        var tally = new Tally();
        for (var kind = 0; kind < Tally.MaxKinds + 50; kind++)
        {
            tally.Add($"refused {kind}");
            tally.Add("refused 3");
        }

        var counts = tally.Snapshot();
        Assert.Equal(2 * (Tally.MaxKinds + 50), tally.Total);
        Assert.Equal(Tally.MaxKinds + 1, counts.Count);
        Assert.Equal("refused 3", counts.First().Key);
        Assert.Equal(50, counts[Tally.Others]);
    }
}
