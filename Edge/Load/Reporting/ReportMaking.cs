using System.Globalization;
using System.Reflection;
using Mcptt.Load.Measuring;
using Mcptt.Load.Profiles;
using Mcptt.Load.Running;

namespace Mcptt.Load.Reporting;

/// <summary>From what was measured to the report: verdicts, validity, costs.</summary>
internal static class ReportMaking
{
    public static string NameOf(LoadPhase phase) =>
        phase switch
        {
            LoadPhase.CoolDown => "cool-down",
            _ => phase.ToString().ToLowerInvariant(),
        };

    public static LoadReport Of(LoadOptions options, LoadMeasures measures, LoadSampler sampler, TimeProvider time, bool wasCut, long earlyDropped)
    {
        var judged = Enum.GetValues<MeasureKind>().ToDictionary(kind => kind, measures.Judged);
        var thresholds = options.Profile.Thresholds.Select(threshold => Judge(threshold, judged, measures)).ToList();
        var doubts = Doubts(options.Profile, measures, judged, sampler, wasCut, earlyDropped).ToList();
        return new LoadReport
        {
            Program = "mcptt " + typeof(LoadReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            StartedAt = sampler.StartedAt,
            Seconds = Math.Round(sampler.Elapsed.TotalSeconds, 3),
            Servers = [.. options.Servers.Select(server => server.ToString())],
            Profile = options.Profile with { Users = options.Profile.Users with { Password = "" } },
            Valid = doubts.Count == 0,
            NotValidBecause = doubts,
            Holds = thresholds.TrueForAll(threshold => threshold.Holds),
            Thresholds = thresholds,
            Measures = judged.Where(pair => pair.Value.Count > 0).ToDictionary(pair => MeasureNames.Of(pair.Key), pair => LatencyReport.Of(pair.Value, withBuckets: false)),
            Counts = Enum.GetValues<CountKind>().ToDictionary(MeasureNames.Of, measures.Of),
            Failures = measures.Failures.Snapshot(),
            Costs = Costs(sampler.Samples, sampler.Interval),
            Machine = new LoadMachine(Environment.ProcessorCount, LoadAverage()),
            IntervalSeconds = sampler.Interval.TotalSeconds,
            Samples = sampler.Samples,
            Events = measures.Events.Snapshot(),
        };
    }

    private static ThresholdReport Judge(ThresholdProfile threshold, Dictionary<MeasureKind, LatencyCounts> judged, LoadMeasures measures)
    {
        if (threshold.Count is { } name)
        {
            var count = measures.Of(MeasureNames.Parse<CountKind>(name));
            return new ThresholdReport(name, threshold.Max, count, count <= threshold.Max);
        }

        var measure = threshold.Measure!; // Checked: it is one of the two.
        var counts = judged[MeasureNames.Parse<MeasureKind>(measure)];
        var title = string.Create(CultureInfo.InvariantCulture, $"{measure} p{threshold.Percentile:0.###} ms");
        if (counts.Count == 0)
        {
            return new ThresholdReport(title, (double)threshold.MaxMs, null, false);
        }

        var value = Math.Round(counts.QuantileMs((double)threshold.Percentile / 100), 3);
        return new ThresholdReport(title, (double)threshold.MaxMs, value, value <= (double)threshold.MaxMs);
    }

    private static IEnumerable<string> Doubts(
        LoadProfile profile, LoadMeasures measures, Dictionary<MeasureKind, LatencyCounts> judged, LoadSampler sampler, bool wasCut, long earlyDropped)
    {
        if (wasCut)
        {
            yield return "the run was cut short";
        }

        foreach (var (kind, limit, what) in new[]
        {
            (MeasureKind.ScheduleLag, profile.Limits.ScheduleLagMs, "steps"), (MeasureKind.VoiceLag, profile.Limits.VoiceLagMs, "voice packets"),
        })
        {
            var late = judged[kind].QuantileMs(0.99);
            if (late > (double)limit)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"the generator was late: 99 % of its {what} within {late:0.#} ms, more than {limit} ms");
            }
        }

        if (measures.Of(CountKind.CallsSkipped) is > 0 and var skipped)
        {
            yield return $"{skipped} calls were not made because no group was free: the rate was not kept";
        }

        if (earlyDropped > 0)
        {
            yield return $"{earlyDropped} datagrams were dropped by the generator before their call was known";
        }

        if (sampler.SamplesDropped > 0)
        {
            yield return $"the time series lacks its last {sampler.SamplesDropped} samples";
        }
    }

    private static LoadCosts Costs(IReadOnlyList<LoadSample> samples, TimeSpan interval)
    {
        var steady = samples.Where(sample => sample.Phase == NameOf(LoadPhase.Steady)).ToList();
        var seconds = Math.Max(interval.TotalSeconds, steady.Count * interval.TotalSeconds);
        var calls = Sum(CountKind.CallsSetUp);
        var generator = steady.Sum(sample => sample.Processors.GetValueOrDefault(LoadSample.Generator));
        var named = steady.SelectMany(sample => sample.Processors).Where(pair => pair.Key != LoadSample.Generator).ToList();
        double? server = named.Count > 0 ? named.Sum(pair => pair.Value) : null;
        return new LoadCosts
        {
            Seconds = seconds,
            CallsPerSecond = Rounded(calls / seconds),
            BurstsPerSecond = Rounded(Sum(CountKind.Granted) / seconds),
            VoicePacketsSentPerSecond = Rounded(Sum(CountKind.FramesSent) / seconds),
            VoicePacketsHeardPerSecond = Rounded(steady.Sum(sample => sample.Latency(MeasureKind.MouthToEar)?.Count ?? 0) / seconds),
            GeneratorCpuSeconds = Rounded(generator),
            GeneratorCpuMsPerCall = calls > 0 ? Rounded(generator * 1000 / calls) : null,
            ServerCpuSeconds = server is { } used ? Rounded(used) : null,
            ServerCpuMsPerCall = server is { } spent && calls > 0 ? Rounded(spent * 1000 / calls) : null,
            CallsPerServerCpuSecond = server is > 0 ? Rounded(calls / server.Value) : null,
        };

        double Sum(CountKind kind) => steady.Sum(sample => sample.Count(kind));
    }

    private static double Rounded(double value) => Math.Round(value, 3);

    // Only Linux has it; elsewhere the report says nothing of it.
    private static string? LoadAverage()
    {
        try
        {
            return string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
