using Mcptt.Testing;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Tests.Media;

[Clause("RFC3550 A")]
public sealed class ReceptionStatisticsTests
{
    private readonly ReceptionStatistics _statistics = new();

    [Fact]
    public void What_is_missing_between_the_first_and_the_highest_is_lost()
    {
        Take(10, 11, 14);
        Assert.Equal((3, 2, 0, 0), Counts());
    }

    [Fact]
    public void A_late_packet_is_reordered_and_not_lost()
    {
        Take(10, 12, 11);
        Assert.Equal((3, 0, 0, 1), Counts());
    }

    [Fact]
    public void A_late_packet_from_before_the_first_widens_what_was_expected()
    {
        Take(10, 9);
        Assert.Equal((2, 0, 0, 1), Counts());
    }

    [Fact]
    public void A_packet_that_was_there_before_is_a_duplicate()
    {
        Take(10, 11, 11, 10);
        Assert.Equal((4, 0, 2, 0), Counts());
    }

    [Fact]
    public void The_sequence_number_wraps()
    {
        Take(65_534, 65_535, 0, 1);
        Assert.Equal((4, 0, 0, 0), Counts());
        Assert.Equal(65_537, _statistics.HighestSequence);
    }

    [Fact]
    public void A_sender_that_starts_over_loses_nothing()
    {
        Take(10, 11, 40_000, 40_001, 40_003);
        Assert.Equal((5, 1, 0, 0), Counts());
    }

    [Fact]
    public void Even_arrivals_have_no_jitter_and_a_late_one_has_a_sixteenth_of_its_delay()
    {
        for (ushort i = 0; i < 50; i++)
        {
            _statistics.Take(i, i * 160u, TimeSpan.FromMilliseconds(20 * i), i == 0);
        }

        Assert.Equal(0, _statistics.JitterTicks, 6);
        _statistics.Take(50, 50 * 160, TimeSpan.FromMilliseconds(20 * 50 + 16), false);
        Assert.Equal(8, _statistics.JitterTicks, 6);
    }

    [Fact]
    public void Any_order_of_delivery_gives_the_same_counts()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var statistics = new ReceptionStatistics();
            var start = random.Next(65_536);
            var kept = Enumerable.Range(0, 1_000).Where(i => i is 0 or 999 || random.Next(10) > 0).ToList();
            // Displaced by fewer places than the window is wide.
            foreach (var i in kept.OrderBy(i => i == 0 ? -100 : i + random.Next(30)))
            {
                statistics.Take((ushort)(start + i), 0, TimeSpan.Zero, false);
            }

            Assert.True(statistics.Lost == 1_000 - kept.Count && statistics.Duplicates == 0, $"{statistics.Lost} of {1_000 - kept.Count}, seed {seed}");
        }
    }

    private void Take(params int[] sequence)
    {
        foreach (var number in sequence)
        {
            _statistics.Take((ushort)number, 0, TimeSpan.Zero, false);
        }
    }

    private (long Received, long Lost, long Duplicates, long Reordered) Counts() =>
        (_statistics.Received, _statistics.Lost, _statistics.Duplicates, _statistics.Reordered);
}
