using System.Diagnostics.Metrics;

namespace Mcptt.Domain.Telemetry;

/// <summary>
/// How all parts make their meters, and the buckets of their histograms. A description ends with the tags in brackets: "Requests [method]"; ops/docs/metrics.md
/// is made of it.
/// </summary>
public static class Meters
{
    /// <summary>From a tenth of a millisecond, which is a decision and a commit on a fast disk, to the longest deadline of a command.</summary>
    public static IReadOnlyList<double> LatencySeconds { get; } = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    /// <summary>What people wait for. The limits of TS 22.179 6.15.3 and 6.15.4 are among them: 0.15, 0.3, 0.35 and 1 s.</summary>
    public static IReadOnlyList<double> KpiSeconds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.5, 0.75, 1, 2, 5, 10];

    /// <summary>The way of a packet through a program: from ten microseconds on.</summary>
    public static IReadOnlyList<double> PacketSeconds { get; } = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3];

    /// <summary>What waits or goes together: powers of two, up to the longest queues.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    /// <param name="factory">Null: a meter that belongs to no server in particular.</param>
    /// <param name="name">Of the meter.</param>
    public static Meter Of(IMeterFactory? factory, string name) => factory?.Create(new MeterOptions(name)) ?? new Meter(name);

    public static Histogram<double> Duration(this Meter meter, string name, string what, IReadOnlyList<double> buckets) =>
        meter.CreateHistogram(name, "s", what, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    public static Histogram<int> Size(this Meter meter, string name, string unit, string what) =>
        meter.CreateHistogram(name, unit, what, null, new InstrumentAdvice<int> { HistogramBucketBoundaries = Sizes });

    /// <summary>The value of a tag: "LaneFull" is "lane_full".</summary>
    public static string Tag<T>(T value)
        where T : struct, Enum => SnakeCase(value.ToString());

    public static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, place) => char.IsUpper(letter) ? (place > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
