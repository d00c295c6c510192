namespace Mcptt.Load.Measuring;

/// <summary>The counters of a <see cref="LatencyHistogram"/> at one moment, or those between two.</summary>
public sealed class LatencyCounts
{
    private readonly long[] _counts;
    private readonly long _sum;
    private readonly long _max;

    internal LatencyCounts(long[] counts, long sum, long max)
    {
        (_counts, _sum, _max) = (counts, sum, max);
        Count = counts.Sum();
    }

    public static LatencyCounts Empty { get; } = new(new long[LatencyHistogram.Buckets], 0, 0);

    public long Count { get; }

    public double MeanMs => Count == 0 ? 0 : _sum / 1000.0 / Count;

    public double MaxMs => _max / 1000.0;

    /// <summary>Bucket and counter of those that are not 0.</summary>
    public IEnumerable<(int Bucket, long Count)> Filled => _counts.Select((count, bucket) => (bucket, count)).Where(pair => pair.count > 0);

    public static LatencyCounts Of(IEnumerable<(int Bucket, long Count)> filled)
    {
        var counts = new long[LatencyHistogram.Buckets];
        var (sum, max) = (0L, 0L);
        foreach (var (bucket, count) in filled)
        {
            var value = LatencyHistogram.HighestOf(bucket);
            counts[bucket] += count;
            sum += value * count;
            max = Math.Max(max, value);
        }

        return new LatencyCounts(counts, sum, max);
    }

    /// <summary>What came since; its maximum is to the resolution of the buckets.</summary>
    public LatencyCounts Since(LatencyCounts earlier) => Of(_counts.Select((count, bucket) => (bucket, count - earlier._counts[bucket])).Where(pair => pair.Item2 > 0));

    public LatencyCounts Plus(LatencyCounts other) => Of(Filled.Concat(other.Filled));

    /// <summary>The least value, to the resolution, that at least this share (0 to 1) of all do not exceed; 0 when there are none.</summary>
    public double QuantileMs(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return Math.Min(LatencyHistogram.HighestOf(bucket), _max) / 1000.0;
            }
        }

        return 0;
    }
}
