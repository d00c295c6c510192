using Mcptt.Load.Measuring;
using Mcptt.Load.Running;

namespace Mcptt.Load.Reporting;

/// <summary>Looks at the measures in equal intervals and keeps what was new in each.</summary>
internal sealed class LoadSampler
{
    /// <summary>A longer run has longer intervals; one that still has more drops the further ones and says so.</summary>
    public const int MaxSamples = 900;

    // A planned run fits with room for calls that end late.
    private const int WantedSamples = 600;

    private readonly LoadMeasures _measures;
    private readonly TimeProvider _time;
    private readonly Action<LoadSample>? _watch;
    private readonly ProcessorMeter _processors;
    private readonly List<LoadSample> _samples = [];
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LatencyCounts[] _latencies = [.. Enum.GetValues<MeasureKind>().Select(_ => LatencyCounts.Empty)];
    private readonly long[] _counts = new long[Enum.GetValues<CountKind>().Length];
    private long _failures;
    private long _started;
    private Task _running = Task.CompletedTask;

    public LoadSampler(LoadOptions options, LoadMeasures measures, TimeProvider time, Action<LoadSample>? watch)
    {
        (_measures, _time, _watch) = (measures, time, watch);
        _processors = new ProcessorMeter(options.ServerProcesses);
        Interval = IntervalFor(options);
    }

    public TimeSpan Interval { get; }

    public LoadPhase Phase { get; set; }

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    public IReadOnlyList<LoadSample> Samples => _samples;

    public int SamplesDropped { get; private set; }

    public void Start()
    {
        (_started, StartedAt) = (_time.GetTimestamp(), _time.GetUtcNow());
        _processors.Take();
        _running = RunAsync();
    }

    public async Task StopAsync()
    {
        _stopping.TrySetResult();
        await _running;
    }

    private static TimeSpan IntervalFor(LoadOptions options)
    {
        var profile = options.Profile;
        var seconds = ((double)(profile.Users.Count / profile.Users.RegistrationsPerSecond) * 2)
            + (double)(profile.Phases.RampSeconds + profile.Phases.SteadySeconds + profile.Phases.CoolDownSeconds);
        return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(seconds / WantedSamples)));
    }

    private async Task RunAsync()
    {
        for (var number = 1; !_stopping.Task.IsCompleted; number++)
        {
            var left = (number * Interval) - Elapsed;
            if (left > TimeSpan.Zero)
            {
                await _stopping.Task.WaitAsync(left, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Take();
        }
    }

    private void Take()
    {
        var sample = new LoadSample
        {
            Seconds = Math.Round(Elapsed.TotalSeconds, 3),
            Phase = ReportMaking.NameOf(Phase),
            Registered = _measures.Registered,
            ActiveCalls = _measures.ActiveCalls,
            Failures = NewFailures(),
            Counts = NewCounts(),
            Latencies = NewLatencies(),
            Processors = _processors.Take(),
        };
        if (_samples.Count == MaxSamples)
        {
            SamplesDropped++;
        }
        else
        {
            _samples.Add(sample);
        }

        _watch?.Invoke(sample);
    }

    private long NewFailures()
    {
        var before = _failures;
        _failures = _measures.Failures.Total;
        return _failures - before;
    }

    private Dictionary<string, long> NewCounts()
    {
        var news = new Dictionary<string, long>();
        foreach (var kind in Enum.GetValues<CountKind>())
        {
            var now = _measures.Of(kind);
            if (now != _counts[(int)kind])
            {
                news[MeasureNames.Of(kind)] = now - _counts[(int)kind];
                _counts[(int)kind] = now;
            }
        }

        return news;
    }

    private Dictionary<string, LatencyReport> NewLatencies()
    {
        var news = new Dictionary<string, LatencyReport>();
        foreach (var kind in Enum.GetValues<MeasureKind>())
        {
            var now = _measures.All(kind);
            if (now.Count != _latencies[(int)kind].Count)
            {
                news[MeasureNames.Of(kind)] = LatencyReport.Of(now.Since(_latencies[(int)kind]), withBuckets: true);
                _latencies[(int)kind] = now;
            }
        }

        return news;
    }
}
