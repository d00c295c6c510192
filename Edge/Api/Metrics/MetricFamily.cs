using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Mcptt.Api.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one name.</summary>
internal sealed class MetricFamily
{
    // What histograms without advice of their own get.
    private static readonly double[] DefaultBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly double[] _boundaries;
    private readonly bool _isObservable;
    private volatile MetricSeries[] _series = [];
    private long _lost;

    public MetricFamily(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = NameOf(instrument);
        Help = instrument.Description ?? "";
        _isObservable = instrument.IsObservable;
        _boundaries = Kind == MetricKind.Histogram ? BoundariesOf(instrument) : [];
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Measurements that no series had room for.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public static string NameOf(Instrument instrument) => PrometheusNames.Of(instrument.Name, instrument.Unit, KindOf(instrument) == MetricKind.Counter);

    public static MetricKind KindOf(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Histogram<>) ? MetricKind.Histogram
            : kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    public static double[] BoundariesOf(Instrument instrument) =>
        instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } own } => [.. own],
            Instrument<int> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(boundary => (double)boundary)],
            Instrument<long> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(boundary => (double)boundary)],
            _ => DefaultBoundaries,
        };

    /// <param name="instrument">Of this name: several may share it.</param>
    /// <param name="reading">Number of the reading under way, for observable instruments.</param>
    public void Take(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags, int reading)
    {
        if (Find(tags) is not { } series)
        {
            Interlocked.Increment(ref _lost);
        }
        else if (_isObservable)
        {
            series.Observe(measured, reading);
        }
        else if (Kind == MetricKind.Histogram)
        {
            series.Count(measured);
        }
        else if (instrument is Gauge<long> or Gauge<int> or Gauge<double>)
        {
            series.Set(measured);
        }
        else
        {
            series.Add(measured);
        }
    }

    public void Write(StringBuilder text, int reading)
    {
        var shown = _series.Where(series => !_isObservable || series.WasObservedIn(reading)).OrderBy(series => series.Labels, StringComparer.Ordinal).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        text.Append("# HELP ").Append(Name).Append(' ');
        PrometheusNames.AppendEscaped(text, Help.Length > 0 ? Help : Name, quotes: false);
        text.Append("\n# TYPE ").Append(Name).Append(' ').Append(Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach (var series in shown)
        {
            if (Kind == MetricKind.Histogram)
            {
                WriteHistogram(text, series);
            }
            else
            {
                Line(text, Name, series.Labels, "", series.Value);
            }
        }
    }

    private void WriteHistogram(StringBuilder text, MetricSeries series)
    {
        var counts = series.Buckets();
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            Line(text, Name + "_bucket", series.Labels, i < _boundaries.Length ? Number(_boundaries[i]) : "+Inf", sum);
        }

        Line(text, Name + "_sum", series.Labels, "", series.Value);
        Line(text, Name + "_count", series.Labels, "", sum);
    }

    private static void Line(StringBuilder text, string name, string labels, string upperEnd, double value)
    {
        text.Append(name);
        if (labels.Length > 0 || upperEnd.Length > 0)
        {
            text.Append('{').Append(labels);
            if (upperEnd.Length > 0)
            {
                text.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(upperEnd).Append('"');
            }

            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
        {
            if (series.Is(tags))
            {
                return series;
            }
        }

        return Add(tags);
    }

    private MetricSeries? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            foreach (var series in _series)
            {
                if (series.Is(tags))
                {
                    return series;
                }
            }

            if (_series.Length >= MetricsPage.MaxSeries)
            {
                return null;
            }

            var added = new MetricSeries(tags, _boundaries);
            _series = [.. _series, added];
            return added;
        }
    }
}
