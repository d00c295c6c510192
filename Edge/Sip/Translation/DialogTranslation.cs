using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>Requests within the dialog of a leg -> commands to the call that our tag names, on any edge and after any restart.</summary>
internal sealed class DialogTranslation(OwnAddresses own, CallerIdentification callers, CommandSender commands, CommandStamp stamp)
{
    public async ValueTask<Answer> ByeAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        if (!McpttIds.TryParseLegTag(request.Message.To.Tag, out var callId, out var leg))
        {
            return Answer.Of(481);
        }

        var (caller, answer) = await callers.IdentifyAsync(request, null, cancellationToken);
        if (caller is null)
        {
            return answer!;
        }

        var bye = new LegBye
        {
            Leg = leg,
            Cseq = request.Message.CSeq.Number,
            SipCallId = request.Message.CallId,
            RemoteTag = request.Message.From.Tag ?? "",
            Reason = request.Message.Headers[SipHeaderNames.Reason] ?? "",
        };
        var reply = await SendAsync(request, caller, callId, new CallCommand { LegBye = bye }, cancellationToken);
        return reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted ? Answer.Of(200) : Refusal(request, reply);
    }

    /// <summary>re-INVITE and UPDATE: a session refresh, hold, or a new address.</summary>
    public async ValueTask<Answer> ReofferAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        if (!McpttIds.TryParseLegTag(message.To.Tag, out var callId, out var leg))
        {
            return Answer.Of(481);
        }

        if (!RequestBodies.TryRead(message, own.WarningAgent, out var bodies, out var refusal))
        {
            return refusal;
        }

        var (caller, answer) = await callers.IdentifyAsync(request, bodies.Info?.ClientId, cancellationToken);
        if (caller is null)
        {
            return answer!;
        }

        var supportsTimer = message.Headers.HasToken(SipHeaderNames.Supported, "timer");
        var reoffer = new LegReoffered
        {
            Leg = leg,
            Cseq = message.CSeq.Number,
            SipCallId = message.CallId,
            RemoteTag = message.From.Tag ?? "",
            ContactUri = message.Contacts is [{ IsWildcard: false } contact] ? contact.Address.UriText : "",
            SdpOffer = bodies.Sdp ?? "",
            WantsOffer = string.IsNullOrEmpty(bodies.Sdp) && message.Method == SipMethods.Invite,
            SessionExpiresS = message.SessionExpires?.Seconds ?? 0,
            Refresher = message.SessionExpires?.Refresher ?? "",
            SupportsTimer = supportsTimer,
            Flow = request.Flow,
            Emergency = ConditionInfo.Read(bodies.Info?.EmergencyInd),
            ImminentPeril = ConditionInfo.Read(bodies.Info?.ImminentPerilInd),
        };
        var reply = await SendAsync(request, caller, callId, new CallCommand { LegReoffered = reoffer }, cancellationToken);
        return reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted
            ? Reanswer(request, callId, caller, reply.Accepted.Session ?? new SessionAnswer())
            : Refusal(request, reply);
    }

    /// <summary>INFO: we offer no package (RFC 6086 4.2.2); one without package and body is a sign of life.</summary>
    public static Answer Info(InboundRequest request)
    {
        if (!McpttIds.TryParseLegTag(request.Message.To.Tag, out _, out _))
        {
            return Answer.Of(481);
        }

        return request.Message.Headers.Contains(SipHeaderNames.InfoPackage) ? Answer.Of(469, null, (SipHeaderNames.RecvInfo, ""))
            : request.Message.Body.IsEmpty ? Answer.Of(200)
            : Answer.Of(415, null, (SipHeaderNames.Accept, RequestBodies.Accepted));
    }

    private ValueTask<Reply> SendAsync(InboundRequest request, Caller caller, string callId, CallCommand body, CancellationToken cancellationToken) =>
        commands.InsistAsync(stamp.Call(request.CauseFor(caller.McpttId), callId, body), CommandSender.AttemptsWhilePeerWaits, cancellationToken);

    private Answer Reanswer(InboundRequest request, string callId, Caller caller, SessionAnswer session)
    {
        var isMcptt = caller.Registered?.McpttClient ?? false;
        var answer = Answer.Of(200, null, (SipHeaderNames.Contact, own.SessionContact(callId, request.Flow, isMcptt)));
        foreach (var (name, value) in SipFeatures.SessionHeaders(session.SessionExpiresS, session.Refresher))
        {
            answer = answer.With(name, value);
        }

        if (WarningText.Table.ContainsKey((int)session.Warning))
        {
            answer = answer.With(SipHeaderNames.Warning, WarningText.Of((int)session.Warning).ToHeaderValue(own.WarningAgent));
        }

        var sdp = session.SdpAnswer.Length > 0 ? session.SdpAnswer : session.SdpOffer;
        return sdp.Length == 0 ? answer : answer with { Body = (McpttMimeTypes.Sdp, System.Text.Encoding.UTF8.GetBytes(sdp)) };
    }

    // A call that is gone has no dialogs either (RFC 3261 12.2.2).
    private Answer Refusal(InboundRequest request, Reply reply) =>
        reply.OutcomeCase == Reply.OutcomeOneofCase.Unavailable ? RejectionTable.For(reply.Unavailable)
        : reply.Rejection?.Code == RejectionCode.CallUnknown ? Answer.Of(481)
        : RejectionTable.For(reply.Rejection ?? new Rejection(), own.WarningAgent, request.CommandId);
}
