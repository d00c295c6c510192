using System.Numerics;

namespace Mcptt.Load.Measuring;

/// <summary>
/// Microseconds in buckets that grow with the value: exact below 256 us, above in steps of 1/128 of the value, so a percentile is at most
/// <see cref="Resolution"/> above the true one. Bounded: <see cref="Buckets"/> counters, however long the run. Thread safe.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>Greatest relative error of a percentile.</summary>
    public const double Resolution = 1.0 / (1 << SubBucketBits);

    /// <summary>What lasted longer (19 h) is counted as this.</summary>
    public const long MaxMicroseconds = (1L << MaxBits) - 1;

    public const int Buckets = (MaxBits - SubBucketBits + 1) << SubBucketBits;

    private const int SubBucketBits = 7;
    private const int MaxBits = 36;

    private readonly long[] _counts = new long[Buckets];
    private long _sum;
    private long _max;

    public void Record(TimeSpan duration)
    {
        var us = Math.Clamp((long)duration.TotalMicroseconds, 0, MaxMicroseconds);
        Interlocked.Increment(ref _counts[IndexOf(us)]);
        Interlocked.Add(ref _sum, us);
        for (var max = Interlocked.Read(ref _max); us > max; max = Interlocked.Read(ref _max))
        {
            Interlocked.CompareExchange(ref _max, us, max);
        }
    }

    /// <summary>What is in it now.</summary>
    public LatencyCounts Snapshot() => new(_counts.ToArray(), Interlocked.Read(ref _sum), Interlocked.Read(ref _max));

    /// <summary>A value of 2^k to 2^(k+1) is cut to its first eight binary digits.</summary>
    internal static int IndexOf(long microseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)microseconds) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(microseconds >> shift);
    }

    /// <summary>The greatest value that falls into the bucket.</summary>
    internal static long HighestOf(int index)
    {
        var shift = Math.Max(0, (index >> SubBucketBits) - 1);
        return ((long)(index - (shift << SubBucketBits) + 1) << shift) - 1;
    }
}
