using System.Diagnostics.Metrics;
using Mcptt.Api;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Host.Telemetry;

/// <summary>What a node is and whether its parts work, as metrics: what dashboards and alerts begin with.</summary>
internal sealed class NodeMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Node";

    private readonly Meter _meter;

    public NodeMetrics(IMeterFactory factory, string node, string version, IReadOnlyList<string> roles, IServerHealth health, TimeProvider time)
    {
        _meter = Meters.Of(factory, MeterName);
        var started = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        var about = new Measurement<int>(1, new("node", node), new("version", version), new("roles", string.Join(',', roles)));
        _meter.CreateObservableGauge("mcptt.node.info", () => about, null, "Always 1: what runs here [node, version, roles]");
        _meter.CreateObservableGauge("mcptt.node.started", () => started, "s", "When the server was started, in seconds since 1970");
        _meter.CreateObservableGauge("mcptt.node.ready", () => Ready(health), null, "1 when a part can do its work [part]");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Ready(IServerHealth health) =>
        health.Check().Select(check => new Measurement<int>(check.Ready ? 1 : 0, new KeyValuePair<string, object?>("part", check.Name)));
}
