namespace Mcptt.Protocol.Sip;

public sealed class RequestMessage : SipMessage
{
    public RequestMessage(string method, string requestUri)
        : this(method, requestUri, new SipHeaders())
    {
        if (!SipGrammar.IsToken(method) || !SipUriSlices.IsUri(requestUri))
        {
            throw new ArgumentException($"Not a request line: {method} {requestUri}");
        }
    }

    public RequestMessage(string method, SipUri requestUri)
        : this(method, requestUri.ToString(), new SipHeaders())
    {
    }

    internal RequestMessage(string method, string requestUri, SipHeaders headers)
        : base(headers)
    {
        (Method, RequestUriText) = (method, requestUri);
    }

    public string Method { get; }

    public string RequestUriText { get; }

    /// <summary>Null when the URI is of a scheme that we do not serve (416).</summary>
    public SipUri? RequestUri => field ??= SipUri.TryParse(RequestUriText, out var uri) ? uri : null;

    public bool IsInvite => Method == SipMethods.Invite;

    public bool IsAck => Method == SipMethods.Ack;

    /// <summary>A request outside a dialog has no To tag (RFC 3261 8.1.1.2).</summary>
    public bool IsInDialog => To.Tag is { Length: > 0 };

    /// <summary>A request with the fields that every request has (RFC 3261 8.1.1); the Via goes on when it is sent.</summary>
    public static RequestMessage Create(string method, SipUri requestUri, NameAddr from, NameAddr to, string callId, uint cseq)
    {
        var request = new RequestMessage(method, requestUri);
        request.Headers
            .Add(SipHeaderNames.MaxForwards, "70")
            .Add(SipHeaderNames.From, from.ToString())
            .Add(SipHeaderNames.To, to.ToString())
            .Add(SipHeaderNames.CallId, callId)
            .Add(SipHeaderNames.CSeq, $"{cseq} {method}");
        return request;
    }

    /// <summary>
    /// A response as RFC 3261 8.2.6.2 makes it: Via, From, To, Call-ID and CSeq as they came, Timestamp for a 100. A To tag is
    /// added where the request has none. Record-Route is copied for what may create a dialog (12.1.1).
    /// </summary>
    public ResponseMessage CreateResponse(int status, string? reason = null, string? toTag = null)
    {
        var headers = new SipHeaders();
        headers.CopyFrom(Headers, SipHeaderNames.Via).CopyFrom(Headers, SipHeaderNames.From);
        if (toTag is { Length: > 0 } && NameAddr.TryParse(Headers[SipHeaderNames.To], out var to) && to.Tag is null)
        {
            headers.Add(SipHeaderNames.To, to.WithTag(toTag).ToString());
        }
        else
        {
            headers.CopyFrom(Headers, SipHeaderNames.To);
        }

        headers.CopyFrom(Headers, SipHeaderNames.CallId).CopyFrom(Headers, SipHeaderNames.CSeq);
        if (status == 100)
        {
            headers.CopyFrom(Headers, SipHeaderNames.Timestamp);
        }

        if (status is > 100 and < 300 && Method is SipMethods.Invite or SipMethods.Subscribe or SipMethods.Refer or SipMethods.Notify)
        {
            headers.CopyFrom(Headers, SipHeaderNames.RecordRoute);
        }

        return new ResponseMessage(status, reason ?? ReasonPhrases.Of(status), headers);
    }

    /// <summary>The same request with a list of fields of its own, for instance to send it again with credentials.</summary>
    public RequestMessage Copy() => new(Method, RequestUriText, Headers.Clone()) { Body = Body };

    /// <summary>The same with another Request-URI.</summary>
    public RequestMessage CopyTo(SipUri requestUri) => new(Method, requestUri.ToString(), Headers.Clone()) { Body = Body };
}
