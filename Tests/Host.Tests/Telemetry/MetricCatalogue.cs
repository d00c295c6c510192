using System.Diagnostics.Metrics;
using System.Globalization;
using Mcptt.Actors;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Cluster;
using Mcptt.Api;
using Mcptt.Api.Events;
using Mcptt.Api.Metrics;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Host.Telemetry;
using Mcptt.Media;

namespace Mcptt.Host.Tests.Telemetry;

/// <summary>Every instrument that a server can have, made once to be listed.</summary>
internal static class MetricCatalogue
{
    public static IReadOnlyList<Instrument> All { get; } = Collect();

    public static string PrometheusName(Instrument instrument) => PrometheusNames.Of(instrument.Name, instrument.Unit, Kind(instrument) == "counter");

    public static string Kind(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => "counter",
            "Histogram" => "histogram",
            _ => "gauge",
        };

    /// <summary>The description without its tags, and the tags.</summary>
    public static (string What, IReadOnlyList<string> Tags) Describe(Instrument instrument)
    {
        var text = instrument.Description ?? "";
        return text.EndsWith(']') && text.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var at
            ? (text[..at], text[(at + 2)..^1].Split(", "))
            : (text, []);
    }

    public static string Buckets(Instrument instrument) =>
        instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } own } => string.Join(' ', own.Select(end => end.ToString(CultureInfo.InvariantCulture))),
            Instrument<int> { Advice.HistogramBucketBoundaries: { } own } => string.Join(' ', own),
            _ => "",
        };

    private static List<Instrument> Collect()
    {
        using var meters = new ServerMeters();
        using var listener = new MeterListener();
        var found = new List<Instrument>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                found.Add(instrument);
            }
        };
        listener.Start();
        Publish(meters);
        return [.. found.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }

    private static void Publish(ServerMeters meters)
    {
        using var engine = new EngineMetrics(meters);
        engine.Loaded(() => 0);
        using var journal = new JournalMetrics(meters);
        journal.Watch(() => 0, () => false);
        using var seals = new SealMetrics(meters, () => 0);
        using var archives = new ArchiveMetrics(meters);
        using var transport = new SipTransportCounters(meters);
        transport.Connections(() => 0);
        using var sip = new SipMetrics(meters, TimeProvider.System);
        sip.Watch(() => 0, () => 0, () => 0);
        using var media = new MediaMetrics(meters, new MediaNodeCounters());
        media.Watch(() => 0, () => 0);
        using var events = new EventMetrics(meters, () => 0);
        using var cluster = new ClusterMetrics(meters, TimeProvider.System);
        cluster.Watch(null!, () => TimeSpan.Zero, () => 0, () => []); // Only listed, never read.
        cluster.WatchLanes(() => (0, 0));
        using var node = new NodeMetrics(meters, "", "", [], new NoHealth(), TimeProvider.System);
    }

    private sealed class NoHealth : IServerHealth
    {
        public IReadOnlyList<HealthCheck> Check() => [];
    }
}
