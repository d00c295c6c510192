using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>Requests within a dialog (RFC 3261 12.2.1.1) and the ACK of a 2xx (13.2.2.4), from what events remember of the dialog.</summary>
internal static class DialogRequests
{
    public static RequestMessage Create(string method, Dialog dialog) =>
        Create(method, dialog.CallId, dialog.Local, dialog.Remote, dialog.RemoteTarget, dialog.RouteSet, dialog.LocalCseq);

    /// <summary>The ACK of a 2xx to a request that we sent: target and routes are the response's.</summary>
    public static RequestMessage Acknowledge(ResponseMessage success, string fallbackTarget)
    {
        var target = success.Contacts is [{ IsWildcard: false, Uri: not null } contact, ..] ? contact.Address.UriText : fallbackTarget;
        return Create(
            SipMethods.Ack,
            success.CallId,
            success.Headers[SipHeaderNames.From] ?? "",
            success.Headers[SipHeaderNames.To] ?? "",
            target,
            [.. RouteSet(success)],
            success.CSeq.Number);
    }

    /// <summary>The route set that a UAC learns from a response: Record-Route in reverse (RFC 3261 12.1.2).</summary>
    public static IEnumerable<string> RouteSet(ResponseMessage response) => response.RecordRoutes.Reverse().Select(route => route.ToString());

    private static RequestMessage Create(string method, string callId, string local, string remote, string target, IReadOnlyList<string> routes, uint cseq)
    {
        var requestUri = target;
        if (routes.Count > 0 && NameAddr.TryParse(routes[0], out var first) && first.Uri is { IsLooseRouter: false })
        {
            // A strict router of RFC 2543 wants itself as Request-URI and the target at the end of the routes.
            requestUri = first.UriText;
            routes = [.. routes.Skip(1), $"<{target}>"];
        }

        var request = new RequestMessage(method, requestUri);
        request.Headers.Add(SipHeaderNames.MaxForwards, "70");
        foreach (var route in routes)
        {
            request.Headers.Add(SipHeaderNames.Route, route);
        }

        request.Headers
            .Add(SipHeaderNames.From, local)
            .Add(SipHeaderNames.To, remote)
            .Add(SipHeaderNames.CallId, callId)
            .Add(SipHeaderNames.CSeq, $"{cseq} {method}");
        return request;
    }
}
