using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>A dialog as RFC 3261 12 keeps it, from the side of a user agent. Thread safe.</summary>
internal sealed class ClientDialog
{
    private readonly Lock _gate = new();
    private readonly NameAddr _local;
    private readonly NameAddr _remote;
    private readonly IReadOnlyList<NameAddr> _routeSet;
    private SipUri _remoteTarget;
    private uint _localCSeq;
    private uint? _remoteCSeq;

    private ClientDialog(string callId, NameAddr local, NameAddr remote, SipUri remoteTarget, IReadOnlyList<NameAddr> routeSet, uint localCSeq, uint? remoteCSeq)
    {
        (CallId, _local, _remote, _remoteTarget, _routeSet) = (callId, local, remote, remoteTarget, routeSet);
        (_localCSeq, _remoteCSeq) = (localCSeq, remoteCSeq);
    }

    public string CallId { get; }

    public string LocalTag => _local.Tag ?? "";

    public string RemoteTag => _remote.Tag ?? "";

    /// <summary>From a 2xx to a request of ours (12.1.2): the route set is the Record-Route backwards.</summary>
    public static ClientDialog FromAnswer(RequestMessage request, ResponseMessage answer) =>
        new(
            request.CallId, request.From, answer.To, TargetOf(answer) ?? request.RequestUri ?? TargetOfLastResort(request),
            [.. answer.RecordRoutes.Reverse()], request.CSeq.Number, remoteCSeq: null);

    /// <summary>From a request that came (12.1.1): the route set is the Record-Route as it stands.</summary>
    public static ClientDialog FromRequest(RequestMessage request, string localTag) =>
        new(
            request.CallId, request.To.WithTag(localTag), request.From, TargetOf(request) ?? request.From.Uri ?? TargetOfLastResort(request),
            request.RecordRoutes, localCSeq: 0, request.CSeq.Number);

    /// <summary>Whether a request that came belongs here: Call-ID and both tags.</summary>
    public bool Holds(SipMessage message) =>
        message.CallId == CallId && message.To.Tag == LocalTag && (message.From.Tag ?? "") == RemoteTag;

    /// <summary>False: older than what was seen (12.2.2), answered with 500.</summary>
    public bool TryTakeCSeq(uint number)
    {
        lock (_gate)
        {
            if (_remoteCSeq is { } last && number < last)
            {
                return false;
            }

            _remoteCSeq = number;
            return true;
        }
    }

    /// <summary>A target refresh request or its answer may move the other side (12.2.1.2).</summary>
    public void RefreshTarget(SipMessage message)
    {
        if (TargetOf(message) is { } target)
        {
            lock (_gate)
            {
                _remoteTarget = target;
            }
        }
    }

    public uint NextCSeq()
    {
        lock (_gate)
        {
            return ++_localCSeq;
        }
    }

    public RequestMessage CreateRequest(string method) => Create(method, NextCSeq());

    /// <summary>The ACK has the number of the INVITE that it acknowledges (13.2.2.4).</summary>
    public RequestMessage CreateAck(uint inviteCSeq) => Create(SipMethods.Ack, inviteCSeq);

    private RequestMessage Create(string method, uint cseq)
    {
        SipUri target;
        lock (_gate)
        {
            target = _remoteTarget;
        }

        var request = RequestMessage.Create(method, target, _local, _remote, CallId, cseq);
        foreach (var route in _routeSet)
        {
            request.Headers.Add(SipHeaderNames.Route, route.ToString());
        }

        return request;
    }

    private static SipUri? TargetOf(SipMessage message) => message.Contacts.FirstOrDefault(contact => !contact.IsWildcard)?.Uri;

    private static SipUri TargetOfLastResort(RequestMessage request) => SipUri.Create(null, request.TopVia.Host, request.TopVia.Port);
}
