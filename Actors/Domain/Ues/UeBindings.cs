using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

/// <summary>Registration and settings (RFC 3261 10.3; TS 24.379 7.3).</summary>
internal static class UeBindings
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static Decision Register(UeState state, Command command, Register register)
    {
        if (state is Known known)
        {
            return Register(known, command, register, []);
        }

        if (!register.AutoProvision)
        {
            return UeDecider.UserUnknown(state);
        }

        if (register.Query || register.ExpiresS == 0)
        {
            return Decision.Answer(new Accepted { Register = new RegisterResult() });
        }

        var provisioned = UeDecider.Happened(command, new UeEvent
        {
            UserProvisioned = new UserProvisioned { Profile = new UserProfile { McpttId = state.Id }, ByRegistration = true },
        });
        return Register((Known)UeEvolver.Evolve(state, provisioned), command, register, [provisioned]);
    }

    public static Decision PublishSettings(Known known, Command command, PublishSettings settings)
    {
        if (!known.Clients.TryGetValue(settings.ClientId, out var client))
        {
            return NotRegistered(known, settings.ClientId);
        }

        if (settings.ExpiresS == 0)
        {
            return Decision.Accept([Deregistered(command, client, DeregistrationCause.LoggedOff)]);
        }

        return client.ManualAnswer == settings.ManualAnswer
            ? Decision.AlreadySo
            : Decision.Accept([UeDecider.Happened(command, new UeEvent
            {
                ClientSettingsChanged = new ClientSettingsChanged { ClientId = settings.ClientId, ManualAnswer = settings.ManualAnswer },
            })]);
    }

    public static Decision NotRegistered(Known known, string clientId) =>
        Decision.Reject(RejectionCode.NotRegistered, $"{known.Id} has no registered client \"{clientId}\"");

    public static DomainEvent Deregistered(Command command, UeClient client, DeregistrationCause cause)
    {
        var deregistered = new ClientDeregistered { ClientId = client.Id, Cause = cause };
        deregistered.GroupIds.Add(client.Affiliations.Keys);
        return UeDecider.Happened(command, new UeEvent { ClientDeregistered = deregistered });
    }

    // First: what must have happened before, so that the user is known.
    private static Decision Register(Known known, Command command, Register register, List<DomainEvent> first)
    {
        if (register.Query)
        {
            return Done(known, []);
        }

        if (register.All)
        {
            return RemoveAll(known, command, register);
        }

        if (string.IsNullOrEmpty(register.Client?.ClientId))
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "a REGISTER without a client id");
        }

        var before = known.Clients.GetValueOrDefault(register.Client.ClientId);
        if (before is not null && IsStale(before, register))
        {
            return Stale(before, register);
        }

        if (register.ExpiresS == 0)
        {
            return before is null ? Done(known, []) : Done(known, [Deregistered(command, before, DeregistrationCause.Requested)]);
        }

        return Done(known, [.. Bind(known, command, register, before)], first);
    }

    private static IEnumerable<DomainEvent> Bind(Known known, Command command, Register register, UeClient? before)
    {
        foreach (var replaced in Replaced(known, register, before))
        {
            yield return Deregistered(command, replaced, DeregistrationCause.Replaced);
        }

        var client = new ClientContact(register.Client) { McpttId = known.Id, ManualAnswer = false };
        yield return UeDecider.Happened(command, new UeEvent
        {
            ClientRegistered = new ClientRegistered
            {
                Client = new RegisteredClient
                {
                    Client = client,
                    ExpiresAtUs = command.TimeUs + (register.ExpiresS * MicrosecondsPerSecond),
                    SipCallId = register.SipCallId,
                    Cseq = register.Cseq,
                    UserAgent = register.UserAgent,
                    ThirdParty = register.ThirdParty,
                },
                ReachableAnew = before is null || !before.Registration.Client.Equals(client),
            },
        });

        if (before is null && !known.ImplicitGroups.IsEmpty)
        {
            var wanted = new AffiliationsChanged { ClientId = client.ClientId };
            wanted.Affiliating.Add(known.ImplicitGroups);
            yield return UeDecider.Happened(command, new UeEvent { AffiliationsChanged = wanted });
        }
    }

    // A binding is its contact (RFC 3261 10.3): the same address under another client id is the same phone anew. What a core
    // registers for its users shares the core's address and says nothing of that kind.
    private static IEnumerable<UeClient> Replaced(Known known, Register register, UeClient? before)
    {
        var sameContact = known.Clients.Values
            .Where(client => client.Id != register.Client.ClientId
                && !register.ThirdParty
                && !client.Registration.ThirdParty
                && client.Registration.Client.ContactUri == register.Client.ContactUri)
            .ToList();
        var tooMany = known.Clients.Count - sameContact.Count + (before is null ? 1 : 0) - UeLimits.MaxBindings;
        return sameContact.Concat(known.Clients.Values
            .Except(sameContact)
            .Where(client => client.Id != register.Client.ClientId)
            .OrderBy(client => client.Registration.ExpiresAtUs)
            .Take(Math.Max(tooMany, 0)));
    }

    private static Decision RemoveAll(Known known, Command command, Register register)
    {
        if (register.ExpiresS != 0)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "Contact: * wants Expires: 0");
        }

        return known.Clients.Values.FirstOrDefault(client => IsStale(client, register)) is { } stale
            ? Stale(stale, register)
            : Done(known, [.. known.Clients.Values.Select(client => Deregistered(command, client, DeregistrationCause.Requested))]);
    }

    // RFC 3261 10.3 step 7: within one Call-ID only a higher CSeq counts. The same once more is the same request by way of another edge, because the
    // answer of the first one was lost with it (RFC 3263 4.3): it is done again, so that the binding names the edge that works.
    private static bool IsStale(UeClient client, Register register) =>
        client.Registration.SipCallId == register.SipCallId
        && (register.Cseq < client.Registration.Cseq || (register.Cseq == client.Registration.Cseq && !IsRepeated(client, register)));

    private static bool IsRepeated(UeClient client, Register register) =>
        register is { All: false, ExpiresS: > 0 } && client.Registration.Client.ContactUri == register.Client.ContactUri;

    private static Decision Stale(UeClient client, Register register) =>
        Decision.Reject(RejectionCode.OutsideTime, $"CSeq {register.Cseq} is not above {client.Registration.Cseq} of the same Call-ID");

    private static Decision Done(Known known, List<DomainEvent> events, List<DomainEvent>? first = null)
    {
        var result = new RegisterResult();
        result.Bindings.Add(UeViews.Bindings((Known)events.Aggregate((UeState)known, UeEvolver.Evolve)));
        return Decision.Accept([.. first ?? [], .. events], new Accepted { Register = result });
    }
}
