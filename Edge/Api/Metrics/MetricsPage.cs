using System.Diagnostics.Metrics;
using System.Text;

namespace Mcptt.Api.Metrics;

/// <summary>
/// What the instruments of one server have measured since its start, as text for Prometheus (exposition format 0.0.4). Beside the meters of the server it shows
/// the runtime's own, "System.Runtime".
/// </summary>
public sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Measurements that were not taken because an instrument had more series than it may.</summary>
    public const string LostName = "mcptt_metrics_lost_total";

    /// <summary>Of one instrument. A tag with so many values is a mistake; what comes beyond is not shown and counted.</summary>
    public const int MaxSeries = 1_000;

    private const string RuntimeMeter = "System.Runtime";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private volatile int _reading;

    public MetricsPage(ServerMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) || instrument.Meter is { Name: RuntimeMeter, Scope: null })
            {
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<int>(static (instrument, measured, tags, state) => Take(instrument, measured, tags, state));
        _listener.SetMeasurementEventCallback<long>(static (instrument, measured, tags, state) => Take(instrument, measured, tags, state));
        _listener.SetMeasurementEventCallback<double>(static (instrument, measured, tags, state) => Take(instrument, measured, tags, state));
        _listener.Start();
    }

    /// <summary>The page as it is now.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            _reading++;
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values)
            {
                family.Write(text, _reading);
            }

            var lost = _families.Values.Sum(family => family.Lost);
            text.Append($"# HELP {LostName} Measurements of tags beyond the {MaxSeries} series that an instrument may have\n# TYPE {LostName} counter\n{LostName} {lost}\n");
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Take(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var taken = (Taken)state!; // As enabled.
        taken.Family.Take(instrument, measured, tags, taken.Page._reading);
    }

    private Taken FamilyOf(Instrument instrument)
    {
        var name = MetricFamily.NameOf(instrument);
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                family = new MetricFamily(instrument);
                _families.Add(name, family);
            }

            return new Taken(this, family);
        }
    }

    private sealed record Taken(MetricsPage Page, MetricFamily Family);
}
