using Mcptt.Load.Measuring;
using Mcptt.Load.Profiles;

namespace Mcptt.Load.Reporting;

/// <summary>What a run found. As JSON it is for programs too: fields are only added; what changes its meaning raises <see cref="Version"/>.</summary>
public sealed record LoadReport
{
    public const string SchemaName = "mcptt-load-report";

    public const int CurrentVersion = 1;

    public string Schema { get; init; } = SchemaName;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Of the generator.</summary>
    public string Program { get; init; } = "";

    public required DateTimeOffset StartedAt { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Without the password.</summary>
    public required LoadProfile Profile { get; init; }

    /// <summary>False: the generator itself did not keep its pace, and the figures say as much about it as about the server.</summary>
    public required bool Valid { get; init; }

    public required IReadOnlyList<string> NotValidBecause { get; init; }

    /// <summary>All thresholds hold.</summary>
    public required bool Holds { get; init; }

    public required IReadOnlyList<ThresholdReport> Thresholds { get; init; }

    /// <summary>Of the steady phase; registration of the whole run. Milliseconds.</summary>
    public required IReadOnlyDictionary<string, LatencyReport> Measures { get; init; }

    /// <summary>Of the whole run.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Refusals and failures by their words, of the whole run.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    public required LoadCosts Costs { get; init; }

    public required LoadMachine Machine { get; init; }

    public required double IntervalSeconds { get; init; }

    public required IReadOnlyList<LoadSample> Samples { get; init; }

    public required IReadOnlyList<LoadEvent> Events { get; init; }
}

/// <param name="Value">Milliseconds, or a count; null: there was nothing to judge, so it does not hold.</param>
public sealed record ThresholdReport(string Name, double Limit, double? Value, bool Holds);

public sealed record LatencyReport(long Count, double Mean, double P50, double P90, double P95, double P99, double P999, double Max)
{
    /// <summary>Bucket and counter in turn, of those that are not 0: percentiles of any part of a run can be taken from them.</summary>
    public IReadOnlyList<long>? Buckets { get; init; }

    public static LatencyReport Of(LatencyCounts counts, bool withBuckets) =>
        new(
            counts.Count, Rounded(counts.MeanMs), Rounded(counts.QuantileMs(0.5)), Rounded(counts.QuantileMs(0.9)), Rounded(counts.QuantileMs(0.95)),
            Rounded(counts.QuantileMs(0.99)), Rounded(counts.QuantileMs(0.999)), Rounded(counts.MaxMs))
        {
            Buckets = withBuckets ? [.. counts.Filled.SelectMany(pair => new[] { pair.Bucket, pair.Count })] : null,
        };

    public LatencyCounts ToCounts() => LatencyCounts.Of((Buckets ?? []).Chunk(2).Where(pair => pair.Length == 2).Select(pair => ((int)pair[0], pair[1])));

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 3);
}

/// <summary>What was new in one interval.</summary>
public sealed record LoadSample
{
    /// <summary>Name of this process among <see cref="Processors"/>.</summary>
    public const string Generator = "generator";

    /// <summary>Its end, since the run began.</summary>
    public required double Seconds { get; init; }

    public required string Phase { get; init; }

    public required int Registered { get; init; }

    public required int ActiveCalls { get; init; }

    public required long Failures { get; init; }

    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    public required IReadOnlyDictionary<string, LatencyReport> Latencies { get; init; }

    /// <summary>Processor seconds by process.</summary>
    public required IReadOnlyDictionary<string, double> Processors { get; init; }

    public long Count(CountKind kind) => Counts.GetValueOrDefault(MeasureNames.Of(kind));

    public LatencyReport? Latency(MeasureKind kind) => Latencies.GetValueOrDefault(MeasureNames.Of(kind));
}

/// <summary>Of the steady phase. What the server cost is known only where its processes run on this machine and were named.</summary>
public sealed record LoadCosts
{
    public required double Seconds { get; init; }

    public required double CallsPerSecond { get; init; }

    public required double BurstsPerSecond { get; init; }

    public required double VoicePacketsSentPerSecond { get; init; }

    public required double VoicePacketsHeardPerSecond { get; init; }

    public required double GeneratorCpuSeconds { get; init; }

    public double? GeneratorCpuMsPerCall { get; init; }

    public double? ServerCpuSeconds { get; init; }

    public double? ServerCpuMsPerCall { get; init; }

    /// <summary>Calls, with all their bursts, per second of the servers' processor time.</summary>
    public double? CallsPerServerCpuSecond { get; init; }
}

public sealed record LoadMachine(int Processors, string? LoadAverage);
