using System.Buffers.Text;
using System.Text;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>PUBLISH of service settings (TS 24.379 7.3.3) and of affiliations (9.2.2.2.3) -> commands to the Ue.</summary>
internal sealed class PublishTranslation(OwnAddresses own, CallerIdentification callers, CommandSender commands, CommandStamp stamp)
{
    public const string PresenceEvent = "presence";
    public const string PocSettingsEvent = "poc-settings";

    public async ValueTask<Answer> HandleAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        var package = request.Message.Event?.Name;
        if (package is not (PresenceEvent or PocSettingsEvent))
        {
            return Answer.Of(489, null, (SipHeaderNames.AllowEvents, $"{PresenceEvent}, {PocSettingsEvent}"));
        }

        if (!RequestBodies.TryRead(request.Message, own.WarningAgent, out var bodies, out var refusal))
        {
            return refusal;
        }

        var clientId = bodies.Info?.ClientId ?? OnlyTuple(bodies)?.ClientId ?? ClientIdOfTag(request.Message);
        var (caller, answer) = await callers.IdentifyAsync(request, clientId, cancellationToken);
        if (caller is null)
        {
            return answer!;
        }

        if (!IsForSelf(bodies.Info, caller))
        {
            return NotAuthorised("changing the settings of another user");
        }

        return package == PresenceEvent
            ? await PublishAffiliationAsync(request, caller, bodies, cancellationToken)
            : await PublishSettingsAsync(request, caller, bodies, cancellationToken);
    }

    private async ValueTask<Answer> PublishSettingsAsync(InboundRequest request, Caller caller, RequestBodies bodies, CancellationToken cancellationToken)
    {
        var expires = request.Message.ExpiresSeconds ?? McpttIdentifiers.ExpiresForEver;
        var body = new PublishSettings
        {
            ClientId = caller.ClientId,
            ManualAnswer = bodies.Settings?.AnswerMode == PocAnswerMode.Manual,
            ExpiresS = expires,
        };
        return await SendAsync(request, caller, new UeCommand { PublishSettings = body }, expires, cancellationToken);
    }

    private async ValueTask<Answer> PublishAffiliationAsync(InboundRequest request, Caller caller, RequestBodies bodies, CancellationToken cancellationToken)
    {
        var expires = request.Message.ExpiresSeconds ?? McpttIdentifiers.ExpiresForEver;
        var body = new PublishAffiliation { ClientId = caller.ClientId, ExpiresS = expires };
        if (bodies.Pidf is { } pidf)
        {
            // TS 24.379 9.2.2.2.3: a presentity that is not the served user changes nothing, and the 200 is receipt only.
            if (!SipUri.TryParse(pidf.Entity, out var entity) || own.Identity(entity) != caller.McpttId)
            {
                return Published(request, caller, expires);
            }

            var tuple = pidf.Tuples.FirstOrDefault(tuple => tuple.ClientId == (bodies.Info?.ClientId ?? caller.ClientId)) ?? OnlyTuple(bodies);
            foreach (var affiliation in tuple?.Affiliations ?? [])
            {
                if (!SipUri.TryParse(affiliation.Group, out var group))
                {
                    return Answer.BadRequest($"the group {affiliation.Group} is no SIP URI");
                }

                body.GroupIds.Add(own.Identity(group));
            }
        }
        else if (expires > 0)
        {
            // RFC 3903 6: a refresh names its state by SIP-If-Match. We keep none of it outside the Ue: the phone publishes anew.
            return request.Message.Headers.Contains(SipHeaderNames.SipIfMatch) ? Answer.Of(412) : Answer.BadRequest("application/pidf+xml is missing");
        }

        return await SendAsync(request, caller, new UeCommand { PublishAffiliation = body }, expires, cancellationToken);
    }

    private async ValueTask<Answer> SendAsync(InboundRequest request, Caller caller, UeCommand body, uint expires, CancellationToken cancellationToken)
    {
        var reply = await commands.SendAsync(stamp.Ue(request.CauseFor(caller.McpttId), caller.McpttId, body), cancellationToken);
        return reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Accepted => Published(request, caller, expires),
            Reply.OutcomeOneofCase.Rejection => RejectionTable.For(reply.Rejection, own.WarningAgent, request.CommandId),
            _ => RejectionTable.For(reply.Unavailable ?? new Unavailable()),
        };
    }

    // RFC 3903 6 wants an entity tag. Ours names the client, so that a PUBLISH that only ends the publication needs no memory here.
    private static Answer Published(InboundRequest request, Caller caller, uint expires) =>
        Answer.Of(
            200,
            null,
            (SipHeaderNames.SipETag, $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(caller.ClientId))}.{McpttIds.Hash(request.CommandId, 8)}"),
            (SipHeaderNames.Expires, $"{expires}"));

    private static string? ClientIdOfTag(RequestMessage message)
    {
        var tag = message.Headers[SipHeaderNames.SipIfMatch]?.Split('.')[0];
        return tag is { Length: > 0 and <= 256 } && Base64Url.IsValid(tag) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(tag)) : null;
    }

    private static PidfTuple? OnlyTuple(RequestBodies bodies) => bodies.Pidf?.Tuples is [var only] ? only : null;

    private bool IsForSelf(McpttInfo? info, Caller caller) =>
        info?.RequestUri is not { Length: > 0 } text || (SipUri.TryParse(text, out var uri) && (own.Identity(uri) == caller.McpttId || own.IsService(uri)));

    private Answer NotAuthorised(string reason) => Answer.Of(403, null, (SipHeaderNames.Warning, WarningText.NotAllowed(reason).ToHeaderValue(own.WarningAgent)));
}
