using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>What makes two messages belong to one transaction (RFC 3261 17.1.3, 17.2.3).</summary>
internal static class TransactionKey
{
    // sent-by takes part, or two clients with the same branch would meet. ACK and CANCEL look for the INVITE.
    public static string OfServer(RequestMessage request, string method)
    {
        var via = request.TopVia;
        return via.HasMagicCookie
            ? $"{via.Branch}|{via.SentBy.ToLowerInvariant()}|{method}"
            : $"2543|{request.RequestUriText}|{request.From.Tag}|{request.CallId}|{request.CSeq.Number}|{via.SentBy.ToLowerInvariant()};{via.Branch}|{method}";
    }

    public static string OfServer(RequestMessage request) => OfServer(request, request.IsAck ? SipMethods.Invite : request.Method);

    public static string OfClient(string branch, string method) => $"{branch}|{method}";

    /// <summary>RFC 3261 8.2.2.2: a request that came twice by different ways has these in common.</summary>
    public static string OfMerge(RequestMessage request) => $"{request.CallId}|{request.From.Tag}|{request.CSeq.Number}|{request.Method}";
}
