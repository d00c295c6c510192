using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>SUBSCRIBE to one's own affiliations (TS 24.379 9.2.2.2.4) -> SubscribeAffiliation; the state comes by NOTIFY.</summary>
internal sealed class SubscribeTranslation(OwnAddresses own, CallerIdentification callers, CommandSender commands, CommandStamp stamp)
{
    /// <summary>RFC 3856 6.4.</summary>
    private const uint DefaultExpires = 3600;

    public async ValueTask<Answer> HandleAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        if (message.Event?.Name is not PublishTranslation.PresenceEvent)
        {
            return Answer.Of(489, null, (SipHeaderNames.AllowEvents, PublishTranslation.PresenceEvent));
        }

        if (message.Contacts is not [{ IsWildcard: false } contact])
        {
            return Answer.BadRequest("SUBSCRIBE needs one Contact");
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

        if (!IsForSelf(message, bodies.Info, caller))
        {
            var warning = WarningText.NotAllowed("watching another user or a group");
            return Answer.Of(403, null, (SipHeaderNames.Warning, warning.ToHeaderValue(own.WarningAgent)));
        }

        var body = new SubscribeAffiliation
        {
            Request = request.ToSipRequest(contact.HasFeature(McpttIdentifiers.McpttFeatureTag)),
            ContactUri = contact.Address.UriText,
            ExpiresS = message.ExpiresSeconds ?? DefaultExpires,
            Flow = request.Flow,
        };
        body.RouteSet.Add(message.RecordRoutes.Select(route => route.ToString()));
        var command = stamp.Ue(request.CauseFor(caller.McpttId), caller.McpttId, new UeCommand { SubscribeAffiliation = body });
        var reply = await commands.SendAsync(command, cancellationToken);
        return reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Accepted => Subscribed(request, reply.Accepted.Affiliation ?? new AffiliationAccepted()),
            Reply.OutcomeOneofCase.Rejection => RejectionTable.For(reply.Rejection, own.WarningAgent, request.CommandId),
            _ => RejectionTable.For(reply.Unavailable ?? new Unavailable()),
        };
    }

    private Answer Subscribed(InboundRequest request, AffiliationAccepted accepted) =>
        Answer.Of(
            200,
            null,
            (SipHeaderNames.Expires, $"{accepted.ExpiresS}"),
            (SipHeaderNames.Contact, $"<{own.ServiceUri(request.Flow)}>")) with
        {
            ToTag = accepted.LocalTag.Length > 0 ? accepted.LocalTag : null,
        };

    // The presentity stands in mcptt-info; a plain watcher has it in the Request-URI. In a dialog it is the dialog's.
    private bool IsForSelf(RequestMessage message, McpttInfo? info, Caller caller)
    {
        var target = info?.RequestUri is { Length: > 0 } text ? SipUri.TryParse(text, out var uri) ? uri : null : message.RequestUri;
        return message.IsInDialog || (target is not null && (own.IsService(target) || own.Identity(target) == caller.McpttId));
    }
}
