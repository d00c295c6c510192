using System.Diagnostics;

namespace Mcptt.Benchmarks;

/// <summary>
/// Nanoseconds and bytes per call of several candidates, measured in turn within one run, so that a noisy machine disturbs
/// all of them alike: only the ratio between them counts. Each figure is the median of the rounds, with minimum and maximum.
/// </summary>
internal static class Measure
{
    private const int Rounds = 15;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(60);

    public static IReadOnlyList<Sample> Run(params (string Name, Action Call)[] candidates)
    {
        var calls = candidates.Select(candidate => CallsPerRound(candidate.Call)).ToArray();
        var samples = candidates.Select(candidate => new Sample(candidate.Name)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                samples[i].Add(Time(candidates[i].Call, calls[i]), Allocated(candidates[i].Call));
            }
        }

        return samples;
    }

    private static int CallsPerRound(Action call)
    {
        // Tiered compilation needs calls and a moment before it puts the optimised code in place.
        var warm = Stopwatch.GetTimestamp();
        var calls = 0;
        while (Stopwatch.GetElapsedTime(warm) < TimeSpan.FromMilliseconds(700))
        {
            call();
            calls++;
        }

        return Math.Max(1, (int)(calls * RoundLength.TotalMilliseconds / 700));
    }

    private static double Time(Action call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            call();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
    }

    private static long Allocated(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

internal sealed class Sample(string name)
{
    private readonly List<double> _nanoseconds = [];
    private readonly List<long> _bytes = [];

    public string Name => name;

    public double Median => Middle(_nanoseconds);

    public double Minimum => _nanoseconds.Min();

    public double Maximum => _nanoseconds.Max();

    public long Bytes => Middle(_bytes);

    public void Add(double nanoseconds, long bytes)
    {
        _nanoseconds.Add(nanoseconds);
        _bytes.Add(bytes);
    }

    public override string ToString() => $"{Name,-44} {Median,10:F0} ns ({Minimum:F0}..{Maximum:F0})  {Bytes,7} B";

    private static T Middle<T>(IEnumerable<T> values) => values.Order().ElementAt(values.Count() / 2);
}
