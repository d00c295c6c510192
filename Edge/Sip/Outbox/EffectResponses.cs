using Mcptt.Edge.Translation;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>Effects -> responses to an INVITE, made from what the event remembers of it: they need no transaction.</summary>
internal sealed class EffectResponses(OwnAddresses own)
{
    public ResponseMessage Accept(AnswerInvite answer)
    {
        var request = answer.Request;
        var response = Create(request, 200, null, answer.LocalTag);
        foreach (var route in request.RecordRoute)
        {
            response.Headers.Add(SipHeaderNames.RecordRoute, route);
        }

        response.Headers
            .Add(SipHeaderNames.Contact, own.SessionContact(answer.Call, request.Flow, request.McpttClient))
            .Add(SipHeaderNames.PAssertedIdentity, $"<{own.ServiceIdentity}>");
        foreach (var (name, value) in SipFeatures.SessionHeaders(answer.SessionExpiresS, answer.Refresher, SipFeatures.SupportedInCall))
        {
            response.Headers.Add(name, value);
        }

        if (WarningText.Table.ContainsKey((int)answer.Warning))
        {
            response.Headers.Add(SipHeaderNames.Warning, WarningText.Of((int)answer.Warning).ToHeaderValue(own.WarningAgent));
        }

        if (answer.Unconfirmed)
        {
            response.Headers.Add(SipHeaderNames.PAnswerState, "Unconfirmed");
        }

        // A caller that does not say that it is an MCPTT client may not find SDP in a multipart body.
        EffectRequests.SetBody(response, answer.SdpAnswer, request.McpttClient ? Info(answer) : null);
        return response;
    }

    public ResponseMessage Refuse(RefuseInvite refusal)
    {
        var answer = RejectionTable.For(refusal.Rejection ?? new Rejection(), own.WarningAgent, refusal.Request.CallId);
        var response = Create(refusal.Request, answer.Status, answer.Reason, refusal.LocalTag);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Add(name, value);
        }

        if (answer.Body is var (contentType, content) && refusal.Request.McpttClient)
        {
            response.SetBody(contentType, content);
        }

        return response;
    }

    private static McpttInfo Info(AnswerInvite answer) =>
        new()
        {
            SessionType = SessionTypeNames.NameOf(answer.SessionType),
            CallingGroupId = answer.GroupId.Length > 0 ? answer.GroupId : null,
            EmergencyInd = answer.Emergency ? true : null,
            ImminentPerilInd = answer.ImminentPeril ? true : null,
        };

    // RFC 3261 8.2.6.2.
    private static ResponseMessage Create(SipRequest request, int status, string? reason, string localTag)
    {
        var response = new ResponseMessage(status, reason);
        foreach (var via in request.Via)
        {
            response.Headers.Add(SipHeaderNames.Via, via);
        }

        var to = NameAddr.TryParse(request.To, out var address) && address.Tag is null && localTag.Length > 0 ? address.WithTag(localTag).ToString() : request.To;
        response.Headers
            .Add(SipHeaderNames.From, request.From)
            .Add(SipHeaderNames.To, to)
            .Add(SipHeaderNames.CallId, request.CallId)
            .Add(SipHeaderNames.CSeq, $"{request.Cseq} {request.Method}");
        return response;
    }
}
