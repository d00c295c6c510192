using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Actors.Audit;

/// <summary>Counters of sealing, under the meter of the runtime.</summary>
internal sealed class SealMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _seals;
    private readonly Counter<long> _failures;

    public SealMetrics(IMeterFactory? factory, Func<double> ageSeconds)
    {
        _meter = Meters.Of(factory, EngineMetrics.MeterName);
        _seals = _meter.CreateCounter<long>("mcptt.audit.seals", "{seals}", "Seals that this node made");
        _failures = _meter.CreateCounter<long>("mcptt.audit.seal_failures", "{failures}", "Seals and receipts that could not be made and are tried again");
        _meter.CreateObservableGauge("mcptt.audit.seal_age", ageSeconds, "s", "Time since the last seal; 0 when nothing waits for one");
    }

    public long Failures { get; private set; }

    public void Sealed() => _seals.Add(1);

    public void Failed()
    {
        Failures++;
        _failures.Add(1);
    }

    public void Dispose() => _meter.Dispose();
}
