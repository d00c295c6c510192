using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>Counters of archiving, under the meter of the runtime.</summary>
internal sealed class ArchiveMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _failures;

    /// <param name="factory">Null: a meter of no server in particular.</param>
    public ArchiveMetrics(IMeterFactory? factory)
    {
        _meter = Meters.Of(factory, EngineMetrics.MeterName);
        _calls = _meter.CreateCounter<long>("mcptt.archive.calls", "{calls}", "Calls moved from the journal into archives");
        _failures = _meter.CreateCounter<long>("mcptt.archive.failures", "{runs}", "Archiving runs that could not be finished");
    }

    public void Moved(long calls) => _calls.Add(calls);

    public void Failed() => _failures.Add(1);

    public void Dispose() => _meter.Dispose();
}
