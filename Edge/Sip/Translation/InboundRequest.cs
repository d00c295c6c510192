using System.Net;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>A request as it came in: the message, the flow it came by, and what is derived from both.</summary>
internal sealed class InboundRequest
{
    /// <summary>Longest part of a Call-ID that serves as correlation id.</summary>
    private const int MaxCorrelationCharacters = 128;

    public InboundRequest(RequestMessage message, Flow flow, SipUpstreamOptions? upstream)
    {
        Message = message;
        Flow = flow;
        Upstream = upstream;
        CommandId = MakeCommandId(message);
        CorrelationId = message.CallId.Length <= MaxCorrelationCharacters ? message.CallId : message.CallId[..MaxCorrelationCharacters];
    }

    public RequestMessage Message { get; }

    public Flow Flow { get; }

    /// <summary>The configured element that sent it; null: an unknown one.</summary>
    public SipUpstreamOptions? Upstream { get; }

    public bool IsTrusted => Upstream is { Trusted: true };

    /// <summary>See architecture.md, "Identities".</summary>
    public string CommandId { get; }

    public string CorrelationId { get; }

    /// <summary>Source address without port: the unit in which failures are counted.</summary>
    public string SourceAddress => IPEndPoint.TryParse(Flow.Remote, out var endpoint) ? endpoint.Address.ToString() : Flow.Remote;

    public string ToTag => McpttIds.PlainTag(CommandId);

    public Cause CauseFor(string mcpttId) => new(CommandId, CorrelationId, mcpttId);

    /// <summary>What any edge needs to answer it, also after a restart.</summary>
    public SipRequest ToSipRequest(bool mcpttClient)
    {
        var request = new SipRequest
        {
            Method = Message.Method,
            From = Message.Headers[SipHeaderNames.From],
            To = Message.Headers[SipHeaderNames.To],
            CallId = Message.CallId,
            Cseq = Message.CSeq.Number,
            Flow = Flow,
            McpttClient = mcpttClient,
        };
        request.Via.Add(Message.Headers.Elements(SipHeaderNames.Via));
        request.RecordRoute.Add(Message.Headers.Elements(SipHeaderNames.RecordRoute));
        return request;
    }

    // RFC 3261 17.2.3: with the magic cookie the branch, sent-by and method tell; else what RFC 2543 compared.
    private static string MakeCommandId(RequestMessage message)
    {
        var via = message.TopVia;
        return via.HasMagicCookie && via.Branch!.Length > Via.MagicCookie.Length
            ? $"sip:{message.Method}:{via.Branch}:{via.SentBy}"
            : $"sip:{message.Method}:{McpttIds.Hash(string.Join('\n', message.CallId, message.CSeq, message.From.Tag, message.To.Tag, message.RequestUriText, via.SentBy, via.Branch), 32)}:{via.SentBy}";
    }
}
