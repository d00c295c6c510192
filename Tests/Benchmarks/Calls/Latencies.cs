using System.Globalization;

namespace Mcptt.Benchmarks.Calls;

/// <summary>Microseconds from request to grant, of all rounds and of each.</summary>
internal sealed class Latencies
{
    private readonly List<double> _all = [];
    private readonly List<double> _p99OfRounds = [];

    public int Count => _all.Count;

    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }

    public void AddRound(IReadOnlyCollection<double> microseconds)
    {
        _all.AddRange(microseconds);
        _p99OfRounds.Add(Quantile(microseconds, 0.99));
    }

    public double Quantile(double share) => Quantile(_all, share);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {Quantile(0.5) / 1000,6:F2} ms  p99 {Quantile(0.99) / 1000,6:F2} ms (rounds {_p99OfRounds.Min() / 1000:F2}..{_p99OfRounds.Max() / 1000:F2})  "
            + $"p99.9 {Quantile(0.999) / 1000,6:F2} ms  maximum {Quantile(1) / 1000,6:F2} ms  of {_all.Count}");
}
