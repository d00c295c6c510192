namespace Mcptt.Host.Configuration;

/// <summary>Keys of where metrics and traces are sent: ops/docs/observability.md.</summary>
internal static class TelemetryKeys
{
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            new ConfigurationKey<string>(
                "telemetry.otlpEndpoint",
                "",
                "Where metrics and traces are sent by OTLP, for instance http://127.0.0.1:4317. Empty: nowhere; /metrics is there in any case.",
                new TextKind("URL", IsEndpoint, "write http://HOST:PORT or https://HOST:PORT"),
                options => options.Telemetry.Endpoint,
                (options, value) => options with { Telemetry = options.Telemetry with { Endpoint = value } }
            ),
            new ConfigurationKey<string>(
                "telemetry.otlpProtocol",
                "",
                "grpc (usually port 4317) or http/protobuf (usually port 4318).",
                new ChoiceKind(TelemetrySettings.Protocols),
                options => options.Telemetry.Protocol,
                (options, value) => options with { Telemetry = options.Telemetry with { Protocol = value } }
            ),
            new ConfigurationKey<string>(
                "telemetry.otlpHeaders",
                "",
                "Headers of each export, name=value with commas between: what the receiver wants as credentials.",
                new TextKind("text"),
                options => options.Telemetry.Headers,
                (options, value) => options with { Telemetry = options.Telemetry with { Headers = value } }
            )
            {
                IsSecret = true,
            },
            new ConfigurationKey<TimeSpan>(
                "telemetry.metricsSeconds",
                "seconds",
                "How often metrics are sent.",
                new SecondsKind(1m, 3_600m),
                options => options.Telemetry.MetricsInterval,
                (options, value) => options with { Telemetry = options.Telemetry with { MetricsInterval = value } }
            ),
            new ConfigurationKey<long>(
                "telemetry.tracesPerThousand",
                "",
                "How many of a thousand requests and floor messages are traced, each with all that follows from it on every node. 0: none, and then spans cost nothing.",
                new NumberKind(0, 1_000),
                options => options.Telemetry.TracesPerThousand,
                (options, value) => options with { Telemetry = options.Telemetry with { TracesPerThousand = (int)value } }
            ),
        ];

    private static bool IsEndpoint(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps));
}

internal sealed record TelemetrySettings
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    public static IReadOnlyList<string> Protocols { get; } = [Grpc, HttpProtobuf];

    public string Endpoint { get; init; } = "";

    public string Protocol { get; init; } = Grpc;

    public string Headers { get; init; } = "";

    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(15);

    public int TracesPerThousand { get; init; } = 10;
}
