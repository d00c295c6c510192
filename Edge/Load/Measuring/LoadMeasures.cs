namespace Mcptt.Load.Measuring;

/// <summary>All that a run measures and counts. Thread safe and bounded.</summary>
internal sealed class LoadMeasures(TimeProvider time)
{
    private readonly LatencyHistogram[] _all = [.. Enum.GetValues<MeasureKind>().Select(_ => new LatencyHistogram())];
    private readonly LatencyHistogram[] _steady = [.. Enum.GetValues<MeasureKind>().Select(_ => new LatencyHistogram())];
    private readonly long[] _counts = new long[Enum.GetValues<CountKind>().Length];
    private long _steadyFrom = long.MaxValue;
    private long _steadyTo = long.MaxValue;
    private int _activeCalls;
    private int _registered;

    /// <summary>What was refused or went wrong, by its words.</summary>
    public Tally Failures { get; } = new();

    public LoadEvents Events { get; } = new(time);

    public int ActiveCalls => Volatile.Read(ref _activeCalls);

    public int Registered => Volatile.Read(ref _registered);

    /// <summary>What begins from then on, and until then, is of the steady phase.</summary>
    public void SteadyBetween(long from, long to)
    {
        Interlocked.Exchange(ref _steadyTo, to);
        Interlocked.Exchange(ref _steadyFrom, from);
    }

    public bool IsSteady(long timestamp) => timestamp >= Interlocked.Read(ref _steadyFrom) && timestamp < Interlocked.Read(ref _steadyTo);

    public void Record(MeasureKind kind, long start, long end)
    {
        var duration = time.GetElapsedTime(start, end);
        _all[(int)kind].Record(duration);
        if (IsSteady(start))
        {
            _steady[(int)kind].Record(duration);
        }
    }

    public void RecordSince(MeasureKind kind, long start) => Record(kind, start, time.GetTimestamp());

    public void Count(CountKind kind, long number = 1) => Interlocked.Add(ref _counts[(int)kind], number);

    public long Of(CountKind kind) => Interlocked.Read(ref _counts[(int)kind]);

    public LatencyCounts All(MeasureKind kind) => _all[(int)kind].Snapshot();

    /// <summary>Of what began in the steady phase; registrations, which come before it, count always.</summary>
    public LatencyCounts Judged(MeasureKind kind) =>
        kind is MeasureKind.Registration ? All(kind) : _steady[(int)kind].Snapshot();

    public void CallBegan() => Interlocked.Increment(ref _activeCalls);

    public void CallEnded() => Interlocked.Decrement(ref _activeCalls);

    public void RegisteredNow(int change) => Interlocked.Add(ref _registered, change);
}
