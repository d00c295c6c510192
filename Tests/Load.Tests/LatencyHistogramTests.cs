using Mcptt.Load.Measuring;
using Mcptt.Testing;

namespace Mcptt.Load.Tests;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    [Fact]
    public void Percentiles_are_never_below_the_true_ones_and_at_most_one_step_above()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            // From one microsecond to many hours, in every mixture.
            var values = Enumerable.Range(0, random.Next(1, 2_000)).Select(_ => (long)Math.Pow(10, random.NextDouble() * 10)).ToList();
            var counts = Filled(values);
            values.Sort();
            foreach (var share in Shares)
            {
                var exact = Math.Min(values[Math.Max(1, (int)Math.Ceiling(share * values.Count)) - 1], LatencyHistogram.MaxMicroseconds);
                var found = counts.QuantileMs(share) * 1000;
                Assert.True(
                    found >= exact - 0.5 && found <= (exact * (1 + LatencyHistogram.Resolution)) + 0.5,
                    $"p{share * 100} of {values.Count} values is {exact} us, the histogram says {found}; seed {seed}, round {round}");
            }
        }
    }

    [Fact]
    public void Every_value_lies_in_its_bucket_and_buckets_follow_each_other()
    {
        for (var bucket = 1; bucket < LatencyHistogram.Buckets; bucket++)
        {
            var highest = LatencyHistogram.HighestOf(bucket);

            Assert.Equal(bucket, LatencyHistogram.IndexOf(highest));
            Assert.Equal(bucket, LatencyHistogram.IndexOf(LatencyHistogram.HighestOf(bucket - 1) + 1));
        }

        Assert.Equal(LatencyHistogram.MaxMicroseconds, LatencyHistogram.HighestOf(LatencyHistogram.Buckets - 1));
    }

    [Fact]
    public void What_came_between_two_looks_is_their_difference()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMilliseconds(900));
        var before = histogram.Snapshot();
        histogram.Record(TimeSpan.FromMilliseconds(3));
        histogram.Record(TimeSpan.FromMilliseconds(5));

        var since = histogram.Snapshot().Since(before);

        Assert.Equal(2, since.Count);
        Assert.InRange(since.MaxMs, 5, 5 * (1 + LatencyHistogram.Resolution));
        Assert.InRange(since.QuantileMs(0.5), 3, 3 * (1 + LatencyHistogram.Resolution));
    }

    [Fact]
    public void Filled_buckets_make_the_same_counts_again()
    {
        var counts = Filled([10, 300, 300, 70_000, 123_456_789]);

        var again = LatencyCounts.Of(counts.Filled);

        Assert.Equal(counts.Count, again.Count);
        Assert.All(Shares, share => Assert.InRange(again.QuantileMs(share), counts.QuantileMs(share), (counts.QuantileMs(share) * (1 + LatencyHistogram.Resolution)) + 0.001));
    }

    [Fact]
    public void A_time_beyond_the_greatest_counts_as_the_greatest_and_nothing_is_zero()
    {
        var counts = Filled([long.MaxValue / 20]);

        Assert.Equal(LatencyHistogram.MaxMicroseconds / 1000.0, counts.MaxMs);
        Assert.Equal(0, LatencyCounts.Empty.QuantileMs(0.99));
    }

    private static LatencyCounts Filled(IEnumerable<long> microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in microseconds)
        {
            histogram.Record(TimeSpan.FromMicroseconds(value));
        }

        return histogram.Snapshot();
    }
}
