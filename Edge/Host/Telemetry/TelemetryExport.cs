using Mcptt.Domain.Telemetry;
using Mcptt.Host.Commands;
using Mcptt.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mcptt.Host.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP. A receiver that is away costs nothing but what it does not get: spans wait in a bounded queue and go when it is full,
/// metrics are sums since the start and come with the next export.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Service = "mcptt";
    private const double PerThousand = 1_000.0;

    // What a receiver has not taken by then is lost; a stop of the server waits no longer.
    private const int SendLimitMilliseconds = 3_000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    private TelemetryExport(ServerOptions options)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService(Service, serviceVersion: McpttCommandLine.Version, serviceInstanceId: options.NodeName);
        var settings = options.Telemetry;
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Mcptt.*", "System.Runtime")
            .AddOtlpExporter((otlp, reader) =>
            {
                Configure(otlp, settings, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.MetricsInterval.TotalMilliseconds;
            })
            .Build();
        _traces = settings.TracesPerThousand == 0
            ? null
            : Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(Traces.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TracesPerThousand / PerThousand)))
                .AddOtlpExporter(otlp => Configure(otlp, settings, "v1/traces"))
                .Build();
    }

    /// <summary>Null: it is not wanted.</summary>
    public static TelemetryExport? Start(ServerOptions options) => options.Telemetry.Endpoint.Length > 0 ? new TelemetryExport(options) : null;

    /// <summary>Sends how things are. Before the parts end: with them their instruments go.</summary>
    public Task FlushAsync() => Task.Run(() => _metrics.ForceFlush(SendLimitMilliseconds));

    /// <summary>Sends what waits, for some seconds at most.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics.Dispose();
    }

    // Over HTTP each signal has its own address; over gRPC its own method.
    private static void Configure(OtlpExporterOptions otlp, TelemetrySettings settings, string path)
    {
        var isHttp = settings.Protocol == TelemetrySettings.HttpProtobuf;
        var endpoint = new Uri(settings.Endpoint.TrimEnd('/') + '/');
        otlp.Endpoint = isHttp ? new Uri(endpoint, path) : endpoint;
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.TimeoutMilliseconds = SendLimitMilliseconds;
        otlp.Headers = settings.Headers.Length > 0 ? settings.Headers : null;
    }
}
