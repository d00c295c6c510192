namespace Mcptt.Api.Metrics;

/// <summary>One line of numbers: a value, or the buckets of a histogram. Whoever measures takes no lock and allocates nothing.</summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly double[] _boundaries;
    private readonly long[] _buckets;
    private long _bits;
    private int _observedIn;

    /// <param name="boundaries">Upper ends of a histogram's buckets, the last one without end left out; empty: no histogram.</param>
    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] boundaries)
    {
        _tags = tags.ToArray();
        _boundaries = boundaries;
        _buckets = boundaries.Length > 0 ? new long[boundaries.Length + 1] : [];
        Labels = PrometheusNames.Labels(_tags);
    }

    /// <summary>As they stand between the braces.</summary>
    public string Labels { get; }

    /// <summary>The value; of a histogram the sum of what was measured.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Interlocked.Read(ref _bits));

    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (!Equals(tags[i].Value, _tags[i].Value) || !string.Equals(tags[i].Key, _tags[i].Key, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public void Add(double amount)
    {
        var seen = Interlocked.Read(ref _bits);
        while (true)
        {
            var sum = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + amount);
            var found = Interlocked.CompareExchange(ref _bits, sum, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    public void Set(double value) => Interlocked.Exchange(ref _bits, BitConverter.DoubleToInt64Bits(value));

    /// <summary>What an observable instrument says in the reading of this number; two instruments of one name are added up.</summary>
    public void Observe(double value, int reading)
    {
        if (_observedIn == reading)
        {
            Add(value);
        }
        else
        {
            Set(value);
            _observedIn = reading;
        }
    }

    /// <summary>Whether the instrument still speaks of it.</summary>
    public bool WasObservedIn(int reading) => _observedIn == reading;

    public void Count(double measured)
    {
        var bucket = 0;
        while (bucket < _boundaries.Length && measured > _boundaries[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
        Add(measured);
    }

    /// <summary>How many fell into each bucket, not added up; the last one is that without upper end.</summary>
    public long[] Buckets()
    {
        var counts = new long[_buckets.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Interlocked.Read(ref _buckets[i]);
        }

        return counts;
    }
}
