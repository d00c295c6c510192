using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Api.Events;

/// <summary>Why a stream of events ended.</summary>
internal enum StreamEnd
{
    /// <summary>The client went.</summary>
    Closed,

    /// <summary>It did not take an event in time.</summary>
    Slow,

    /// <summary>The journal could not be read.</summary>
    Journal,

    /// <summary>The server stops.</summary>
    Stopping,
}

/// <summary>Who follows what happens.</summary>
internal sealed class EventMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Api";

    private readonly Meter _meter;
    private readonly Counter<long> _ended;

    public EventMetrics(IMeterFactory? factory, Func<int> clients)
    {
        _meter = Meters.Of(factory, MeterName);
        _meter.CreateObservableGauge("mcptt.events.clients", clients, "{clients}", "Clients that follow /v1/events");
        _ended = _meter.CreateCounter<long>("mcptt.events.ended", "{streams}", "Streams of /v1/events that ended [reason]");
    }

    public void Ended(StreamEnd end) => _ended.Add(1, new KeyValuePair<string, object?>("reason", Meters.Tag(end)));

    public void Dispose() => _meter.Dispose();
}
