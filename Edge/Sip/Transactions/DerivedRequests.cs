using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>The requests that are made from an INVITE of ours as it was sent.</summary>
public static class DerivedRequests
{
    /// <summary>ACK of a failure response: part of the INVITE's transaction (RFC 3261 17.1.1.3).</summary>
    public static RequestMessage Ack(RequestMessage invite, ResponseMessage failure)
    {
        var ack = Derive(invite, SipMethods.Ack);
        ack.Headers.Set(SipHeaderNames.To, failure.Headers[SipHeaderNames.To] ?? "");
        return ack;
    }

    /// <summary>CANCEL (RFC 3261 9.1): the same branch, To without tag unless the INVITE had one.</summary>
    public static RequestMessage Cancel(RequestMessage invite, string? reason)
    {
        var cancel = Derive(invite, SipMethods.Cancel);
        if (reason is not null)
        {
            cancel.Headers.Add(SipHeaderNames.Reason, reason);
        }

        return cancel;
    }

    private static RequestMessage Derive(RequestMessage invite, string method)
    {
        var request = new RequestMessage(method, invite.RequestUriText);
        request.Headers.Add(SipHeaderNames.Via, invite.TopVia.ToString())
            .CopyFrom(invite.Headers, SipHeaderNames.Route)
            .Add(SipHeaderNames.MaxForwards, "70")
            .CopyFrom(invite.Headers, SipHeaderNames.From)
            .CopyFrom(invite.Headers, SipHeaderNames.To)
            .CopyFrom(invite.Headers, SipHeaderNames.CallId)
            .Add(SipHeaderNames.CSeq, $"{invite.CSeq.Number} {method}");
        return request;
    }
}
