using System.Net;
using Mcptt.Edge.Registrar;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>
/// Finds out who sent a request other than REGISTER: whom a trusted upstream asserts, else the From of a registered client on its own
/// flow, else whoever proves it by digest.
/// </summary>
internal sealed class CallerIdentification(SipEdgeOptions options, OwnAddresses own, DigestAuthenticator digest, CommandSender commands, CommandStamp stamp)
{
    public async ValueTask<CallerOrAnswer> IdentifyAsync(InboundRequest request, string? clientId, CancellationToken cancellationToken)
    {
        var asserted = request.IsTrusted ? request.Message.AssertedIdentities.Select(identity => identity.Uri).FirstOrDefault(uri => uri is not null) : null;
        if ((asserted ?? request.Message.From.Uri) is not { } uri)
        {
            return new(null, Refusal("From names no SIP user"));
        }

        var mcpttId = own.Identity(uri);
        var reply = await commands.SendAsync(stamp.Ue(request.CauseFor(mcpttId).With("ue"), mcpttId, new UeCommand { GetUe = new() }), cancellationToken);
        if (reply.OutcomeCase == Reply.OutcomeOneofCase.Unavailable)
        {
            return new(null, RejectionTable.For(reply.Unavailable));
        }

        var bindings = reply.Accepted?.Ue?.Bindings.Select(binding => binding.Client).ToList() ?? [];
        var caller = new Caller(mcpttId, "", FindClient(bindings, request, clientId));
        caller = caller with { ClientId = caller.Registered?.ClientId ?? clientId ?? UnregisteredClientId(request.Message, mcpttId) };
        if (asserted is not null)
        {
            return caller.Registered is null ? new(null, NotRegistered()) : new(caller, null);
        }

        if (bindings.Any(binding => IsFrom(binding, request.Flow)))
        {
            return new(caller, null);
        }

        if (options.Open && !await digest.HasPasswordAsync(mcpttId, cancellationToken))
        {
            // Without passwords the identifiers of a dialog are all the proof there is, and a BYE that is refused would keep a call up.
            return request.Message.IsInDialog ? new(caller, null) : new(null, NotRegistered());
        }

        return await digest.AuthenticateAsync(request, mcpttId, cancellationToken) is { } refusal ? new(null, refusal) : new(caller, null);
    }

    /// <summary>The client id that a client gets which names none itself: from its instance id (RFC 5626), else from its address.</summary>
    public static string ClientIdOf(ContactValue contact, string mcpttId) =>
        contact.Parameters["+sip.instance"]?.Trim('<', '>') is { Length: > 0 } instance ? instance : McpttIds.DerivedClientId(mcpttId, contact.Address.UriText);

    private static ClientContact? FindClient(List<ClientContact> clients, InboundRequest request, string? clientId)
    {
        var contact = request.Message.Contacts is [{ IsWildcard: false } only] ? only.Uri : null;
        return clients.Find(client => client.ClientId == clientId)
            ?? clients.Find(client => contact is not null && SipUri.TryParse(client.ContactUri, out var uri) && uri.Equals(contact))
            ?? clients.Find(client => IsSameFlow(client.Flow, request.Flow))
            ?? (clients is [var sole] ? sole : null);
    }

    // In a lab a phone may call from another port than it registered from.
    private bool IsFrom(ClientContact client, Flow flow) => IsSameFlow(client.Flow, flow) || (options.Open && IsSameHost(client.Flow, flow));

    private static bool IsSameFlow(Flow? left, Flow right) => left is not null && left.Transport == right.Transport && left.Remote == right.Remote;

    private static bool IsSameHost(Flow? left, Flow right) =>
        left is not null && IPEndPoint.TryParse(left.Remote, out var one) && IPEndPoint.TryParse(right.Remote, out var other) && one.Address.Equals(other.Address);

    private static string UnregisteredClientId(RequestMessage message, string mcpttId) =>
        message.Contacts is [{ IsWildcard: false } contact, ..] ? ClientIdOf(contact, mcpttId) : McpttIds.DerivedClientId(mcpttId, "");

    private Answer NotRegistered() => Answer.Of(404, null, (SipHeaderNames.Warning, WarningText.Of(141).ToHeaderValue(own.WarningAgent)));

    private Answer Refusal(string reason) => Answer.Of(403, null, (SipHeaderNames.Warning, WarningText.NotAllowed(reason).ToHeaderValue(own.WarningAgent)));
}
