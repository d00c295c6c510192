using System.Diagnostics.CodeAnalysis;
using Mcptt.Edge.Registrar;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>REGISTER (RFC 3261 10.3), also the third-party one of an IMS core (TS 24.229 5.4.1.7) -> Register, and its result -> 200 with all bindings.</summary>
internal sealed class RegisterTranslation(SipEdgeOptions options, OwnAddresses own, DigestAuthenticator digest, CommandSender commands, CommandStamp stamp)
{
    /// <summary>Contacts of one REGISTER; a phone has one.</summary>
    public const int MaxContacts = 8;

    public async ValueTask<Answer> HandleAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        if (!RequestBodies.TryRead(request.Message, own.WarningAgent, out var bodies, out var refusal))
        {
            return refusal;
        }

        var isThirdParty = IsThirdParty(request, bodies);
        if (!TryFindIdentity(request, isThirdParty, out var mcpttId, out refusal))
        {
            return refusal;
        }

        if (!isThirdParty && !options.Open && !IsAsserted(request, mcpttId) && await digest.AuthenticateAsync(request, mcpttId, cancellationToken) is { } challenge)
        {
            return challenge;
        }

        var registers = isThirdParty ? [ThirdParty(request, mcpttId, bodies)] : Direct(request, mcpttId, bodies, out refusal);
        return refusal ?? await RegisterAsync(request, mcpttId, registers, cancellationToken);
    }

    private async ValueTask<Answer> RegisterAsync(InboundRequest request, string mcpttId, IReadOnlyList<Register> registers, CancellationToken cancellationToken)
    {
        var reply = new Reply();
        for (var index = 0; index < registers.Count; index++)
        {
            var cause = request.CauseFor(mcpttId);
            var command = stamp.Ue(index == 0 ? cause : cause.With($"{index}"), mcpttId, new UeCommand { Register = registers[index] });
            reply = await commands.SendAsync(command, cancellationToken);
            if (reply.OutcomeCase != Reply.OutcomeOneofCase.Accepted)
            {
                break;
            }
        }

        return reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Accepted => Registered(request, reply.Accepted.Register, registers[^1], mcpttId),
            Reply.OutcomeOneofCase.Rejection => RejectionTable.For(reply.Rejection, own.WarningAgent, request.CommandId),
            _ => RejectionTable.For(reply.Unavailable ?? new Unavailable()),
        };
    }

    private Answer Registered(InboundRequest request, RegisterResult? result, Register last, string mcpttId)
    {
        var answer = Answer.Of(200);
        foreach (var binding in result?.Bindings ?? [])
        {
            var seconds = Math.Max(0, (binding.ExpiresAtUs - stamp.NowUs + 999_999) / 1_000_000);
            answer = answer.With(SipHeaderNames.Contact, $"<{binding.Client.ContactUri}>;expires={seconds}");
        }

        foreach (var path in request.Message.Headers.All(SipHeaderNames.Path))
        {
            answer = answer.With(SipHeaderNames.Path, path);
        }

        answer = last.Query ? answer : answer.With(SipHeaderNames.Expires, $"{last.ExpiresS}");
        return answer.With(SipHeaderNames.PAssociatedUri, $"<{mcpttId}>");
    }

    // The core registers for others: it encloses the UE's REGISTER, or To (the user) differs from From (the S-CSCF).
    private bool IsThirdParty(InboundRequest request, RequestBodies bodies) =>
        request.IsTrusted
        && (bodies.Embedded is not null
            || (request.Message.From.Uri is { } from && request.Message.To.Uri is { } to && own.Identity(from) != own.Identity(to)));

    private bool IsAsserted(InboundRequest request, string mcpttId) =>
        request.IsTrusted && request.Message.AssertedIdentities.Any(identity => identity.Uri is { } uri && own.Identity(uri) == mcpttId);

    private bool TryFindIdentity(InboundRequest request, bool isThirdParty, out string mcpttId, [NotNullWhen(false)] out Answer? refusal)
    {
        mcpttId = "";
        refusal = null;

        // Lab clients put the server's own URI into To: in the open the identity is From's.
        var uri = options.Open && !isThirdParty ? request.Message.From.Uri : request.Message.To.Uri;
        if (uri is null || (!uri.IsTel && uri.UnescapedUser is not { Length: > 0 }))
        {
            refusal = Answer.BadRequest($"{(options.Open ? "From" : "To")} names no user");
            return false;
        }

        mcpttId = own.Identity(uri);
        if (!isThirdParty && !options.Open && (request.Message.From.Uri is not { } from || own.Identity(from) != mcpttId))
        {
            refusal = Answer.Of(403, null, (SipHeaderNames.Warning, WarningText.NotAllowed("registering another user").ToHeaderValue(own.WarningAgent)));
            return false;
        }

        return true;
    }

    private IReadOnlyList<Register> Direct(InboundRequest request, string mcpttId, RequestBodies bodies, out Answer? refusal)
    {
        refusal = null;
        var message = request.Message;
        var contacts = message.Contacts;
        if (contacts.Count == 0)
        {
            return [New(request, new Register { Query = true, Client = new ClientContact { McpttId = mcpttId } })];
        }

        if (contacts.Any(contact => contact.IsWildcard))
        {
            // RFC 3261 10.3 step 6.
            refusal = contacts.Count > 1 || message.ExpiresSeconds != 0 ? Answer.BadRequest("Contact: * stands alone and with Expires: 0") : null;
            return [New(request, new Register { All = true, Client = new ClientContact { McpttId = mcpttId } })];
        }

        if (contacts.Count > MaxContacts || contacts.Any(contact => contact.Uri is null))
        {
            refusal = Answer.BadRequest(contacts.Count > MaxContacts ? $"more than {MaxContacts} contacts" : "Contact is no SIP URI");
            return [];
        }

        var registers = contacts
            .Select(contact => New(
                request,
                new Register { ExpiresS = Granted(contact.ExpiresSeconds ?? message.ExpiresSeconds), Client = Client(request, contact, mcpttId, bodies.Info) }))
            .ToList();
        var minimum = (uint)options.MinRegistration.TotalSeconds;
        refusal = registers.Any(register => register.ExpiresS > 0 && register.ExpiresS < minimum)
            ? Answer.Of(423, null, (SipHeaderNames.MinExpires, $"{minimum}"))
            : null;
        return registers;
    }

    private static ClientContact Client(InboundRequest request, ContactValue contact, string mcpttId, McpttInfo? info)
    {
        var client = new ClientContact
        {
            McpttId = mcpttId,
            ClientId = info?.ClientId is { Length: > 0 } clientId ? clientId : CallerIdentification.ClientIdOf(contact, mcpttId),
            ContactUri = contact.Address.UriText,
            Flow = request.Flow,
            McpttClient = contact.HasFeature(McpttIdentifiers.McpttFeatureTag),
        };
        client.Route.Add(request.Message.Paths.Select(path => path.ToString()));
        return client;
    }

    // Requests to the user go back to the S-CSCF that registered it, with the user's identity as Request-URI (TS 24.229 5.7.3).
    private Register ThirdParty(InboundRequest request, string mcpttId, RequestBodies bodies)
    {
        var message = request.Message;
        var device = bodies.Embedded?.Contacts is [{ IsWildcard: false } only, ..] ? only : null;
        var info = bodies.Info ?? EmbeddedInfo(bodies.Embedded);
        var seconds = message.ExpiresSeconds ?? (message.Contacts is [var first, ..] ? first.ExpiresSeconds : null) ?? (uint)options.DefaultRegistration.TotalSeconds;
        var client = new ClientContact
        {
            McpttId = mcpttId,
            ClientId = info?.ClientId is { Length: > 0 } clientId ? clientId
                : device is not null ? CallerIdentification.ClientIdOf(device, mcpttId)
                : McpttIds.DerivedClientId(mcpttId, ""),
            ContactUri = mcpttId,
            Flow = request.Flow,
            McpttClient = device?.HasFeature(McpttIdentifiers.McpttFeatureTag) ?? false,
        };
        if (message.Contacts is [{ IsWildcard: false, Uri: { } core }, ..])
        {
            client.Route.Add(new NameAddr(core.IsLooseRouter ? core : core.With("lr")).ToString());
        }

        return New(request, new Register { Client = client, ExpiresS = seconds, ThirdParty = true, All = seconds == 0 && device is null && info?.ClientId is null });
    }

    private static McpttInfo? EmbeddedInfo(RequestMessage? embedded) =>
        embedded is not null && RequestBodies.TryRead(embedded, "", out var bodies, out _) ? bodies.Info : null;

    private Register New(InboundRequest request, Register register)
    {
        register.SipCallId = request.Message.CallId;
        register.Cseq = request.Message.CSeq.Number;
        register.AutoProvision = options.Open;
        register.UserAgent = request.Message.Headers[SipHeaderNames.UserAgent] ?? "";
        return register;
    }

    private uint Granted(uint? asked) => Math.Min(asked ?? (uint)options.DefaultRegistration.TotalSeconds, (uint)options.MaxRegistration.TotalSeconds);
}
