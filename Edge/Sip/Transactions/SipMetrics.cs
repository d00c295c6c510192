using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>What the edge measures of requests, responses and calls.</summary>
internal sealed class SipMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Edge";

    // A method that nobody registered is not a tag of its own: a peer could make as many as it likes.
    private const string OtherMethod = "other";
    private static readonly string[] Classes = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx"];
    private static readonly KeyValuePair<string, object?> In = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _responses;
    private readonly Counter<long> _retransmissions;
    private readonly Histogram<double> _served;
    private readonly Histogram<double> _access;

    public SipMetrics(IMeterFactory? factory, TimeProvider time)
    {
        _time = time;
        _meter = Meters.Of(factory, MeterName);
        _requests = _meter.CreateCounter<long>("mcptt.sip.requests", "{requests}", "SIP requests, without retransmissions [method, direction]");
        _responses = _meter.CreateCounter<long>("mcptt.sip.responses", "{responses}", "SIP responses, without retransmissions [method, class, direction]");
        _retransmissions = _meter.CreateCounter<long>("mcptt.sip.retransmissions", "{messages}", "SIP messages that came or were sent again [direction]");
        _served = _meter.Duration("mcptt.sip.request.duration", "From a request until its final response was given to the transport [method, class]", Meters.KpiSeconds);
        _access = _meter.Duration("mcptt.call.access.duration", "From an INVITE until its 200, in a call that it starts (KPI 2) or joins (KPI 4) [entry]", Meters.KpiSeconds);
    }

    public void Watch(Func<int> transactions, Func<long> refused, Func<int> serving)
    {
        _meter.CreateObservableGauge("mcptt.sip.transactions", transactions, "{transactions}", "SIP transactions under way");
        _meter.CreateObservableCounter("mcptt.sip.transactions.refused", refused, "{requests}", "Requests refused with 503 because there were too many transactions");
        _meter.CreateObservableGauge("mcptt.sip.serving", serving, "{requests}", "Requests that wait for their answer");
    }

    public void RequestCame(string method) => _requests.Add(1, Method(method), In);

    public void RequestSent(string method) => _requests.Add(1, Method(method), Out);

    public void ResponseCame(string method, int status) => _responses.Add(1, Method(method), Class(status), In);

    public void ResponseSent(string method, int status) => _responses.Add(1, Method(method), Class(status), Out);

    public void CameAgain() => _retransmissions.Add(1, In);

    public void SentAgain() => _retransmissions.Add(1, Out);

    /// <param name="began">Timestamp of the request.</param>
    public void Served(string method, int status, long began) => _served.Record(_time.GetElapsedTime(began).TotalSeconds, Method(method), Class(status));

    public long Now() => _time.GetTimestamp();

    /// <summary>An INVITE outside a dialog got its final response. Leg 1 is who started the call.</summary>
    public void InviteAnswered(ResponseMessage response, long began)
    {
        if (response.IsSuccess && McpttIds.TryParseLegTag(response.To.Tag, out _, out var leg))
        {
            _access.Record(_time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("entry", leg == 1 ? "start" : "join"));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Method(string method) => new("method", SipMethods.IsKnown(method) ? method : OtherMethod);

    private static KeyValuePair<string, object?> Class(int status) => new("class", Classes[Math.Clamp(status / 100, 0, Classes.Length - 1)]);
}
