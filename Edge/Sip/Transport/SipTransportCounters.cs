using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Edge.Transports;

public enum TransportEvent
{
    MessageReceived,
    MessageSent,
    KeepAlive,
    Malformed,
    LaneFull,
    ConnectionRefused,
    ConnectionOpened,
    ConnectionClosed,
    ReceiveTimedOut,
    SendTimedOut,
    SendQueueFull,
    Connected,
    ConnectFailed,
    SendFailed,
    SocketError,
    UserFault,
}

/// <summary>What the transports count, one number per <see cref="TransportEvent"/>; also as the metric mcptt.sip.transport.events.</summary>
public sealed class SipTransportCounters : IDisposable
{
    public const string MeterName = "Mcptt.Edge.Transport";

    private static readonly TransportEvent[] Events = Enum.GetValues<TransportEvent>();

    private readonly long[] _counts = new long[Events.Length];
    private readonly Meter _meter;

    /// <param name="factory">Null: a meter of no server in particular.</param>
    public SipTransportCounters(IMeterFactory? factory = null)
    {
        _meter = Meters.Of(factory, MeterName);
        _meter.CreateObservableCounter("mcptt.sip.transport.events", Counted, "{events}", "What happened to messages and connections in the transports [event]");
    }

    public long this[TransportEvent one] => Interlocked.Read(ref _counts[(int)one]);

    public void Dispose() => _meter.Dispose();

    internal void Connections(Func<int> open) => _meter.CreateObservableGauge("mcptt.sip.connections", open, "{connections}", "TCP and TLS connections");

    private IEnumerable<Measurement<long>> Counted() =>
        Events.Select(one => new Measurement<long>(this[one], new KeyValuePair<string, object?>("event", Meters.Tag(one))));

    internal void Count(TransportEvent one) => Interlocked.Increment(ref _counts[(int)one]);
}
