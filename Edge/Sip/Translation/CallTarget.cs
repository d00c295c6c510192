using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>Whom an INVITE is for: a group or user, or the session identity of a call under way.</summary>
internal readonly record struct CallTarget(string Identity, string Session, SessionType SessionType, Answer? Refusal)
{
    /// <summary>
    /// A strict client names the target in mcptt-info, or in a resource-lists body with one entry when it calls a user (TS 24.379 10.1.1.2.1, 11.1.1.2.1);
    /// a plain phone dials it. A session type that needs a list is ignored when there is none.
    /// </summary>
    public static CallTarget Find(RequestMessage message, RequestBodies bodies, OwnAddresses own)
    {
        if (!SessionTypeNames.TryParse(bodies.Info?.SessionType, out var type))
        {
            return Refuse(Answer.BadRequest($"unknown session-type {bodies.Info?.SessionType}"));
        }

        if (bodies.Info?.RequestUri is { Length: > 0 } named)
        {
            if (!SipUri.TryParse(named, out var uri))
            {
                return Refuse(Answer.BadRequest("mcptt-request-uri is no SIP URI"));
            }

            if (!own.IsService(uri))
            {
                return Of(uri, type, own);
            }
        }

        if (bodies.Lists is { } lists)
        {
            return lists.EntryUris is [var only] && SipUri.TryParse(only, out var entry) ? Of(entry, type, own) : Refuse(Warned(403, 145, own));
        }

        return message.RequestUri is { } dialled && (!own.IsService(dialled) || McpttIds.TryParseSession(dialled, out _))
            ? Of(dialled, type, own)
            : Refuse(Warned(404, 142, own));
    }

    private static CallTarget Of(SipUri uri, SessionType type, OwnAddresses own) =>
        McpttIds.TryParseSession(uri, out var callId) ? new("", callId, type, null) : new(own.Identity(uri), "", type, null);

    private static CallTarget Refuse(Answer answer) => new("", "", SessionType.Unspecified, answer);

    private static Answer Warned(int status, int warning, OwnAddresses own) =>
        Answer.Of(status, null, (SipHeaderNames.Warning, WarningText.Of(warning).ToHeaderValue(own.WarningAgent)));
}
