using Mcptt.Protocol.Messages;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

/// <summary>Clients of members come and go (TS 24.379 9.2.2). The Ue waits for the outcome, so a refusal is an event too.</summary>
internal static class GroupAffiliations
{
    public static Decision Affiliate(GroupState state, Command command, ClientContact? client)
    {
        if (string.IsNullOrEmpty(client?.McpttId) || client.ClientId.Length == 0)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "an affiliation without MCPTT ID or client id");
        }

        var key = ClientKey.Of(client);
        if (WhyNot(state, client.McpttId) is { } reason)
        {
            return Decision.Accept([Refused(command, key, reason)]);
        }

        var present = (Present)state;
        var isKnown = present.Affiliated.TryGetValue(key, out var before);
        return isKnown && client.Equals(before) ? Decision.AlreadySo : Decision.Accept([Affiliated(command, client, byInvite: false, isKnown)]);
    }

    public static Decision Deaffiliate(GroupState state, Command command, Deaffiliate leaving)
    {
        var key = new ClientKey(leaving.McpttId, leaving.ClientId);
        return state is Present present && present.Affiliated.ContainsKey(key)
            ? Decision.Accept([Deaffiliated(command, key, RejectionCode.Unspecified, leaving.KeepInCall)])
            : Decision.Accept([Refused(command, key, RejectionCode.Unspecified)]);
    }

    public static DomainEvent Affiliated(Command command, ClientContact client, bool byInvite, bool isKnown) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            ClientAffiliated = new GroupClientAffiliated { Client = client, ByInvite = byInvite, Known = isKnown },
        });

    public static DomainEvent Deaffiliated(Command command, ClientKey client, RejectionCode reason, bool keepInCall = false) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            ClientDeaffiliated = new GroupClientDeaffiliated
            {
                McpttId = client.McpttId,
                ClientId = client.ClientId,
                Reason = reason,
                KeepInCall = keepInCall,
            },
        });

    private static RejectionCode? WhyNot(GroupState state, string mcpttId) =>
        state switch
        {
            not Present => RejectionCode.GroupUnknown,
            Present { Document.Disabled: true } => RejectionCode.GroupDisabled,
            Present present when !present.Members.ContainsKey(mcpttId) => RejectionCode.NotAMember,
            _ => null,
        };

    private static DomainEvent Refused(Command command, ClientKey client, RejectionCode reason) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            AffiliationRefused = new GroupAffiliationRefused { McpttId = client.McpttId, ClientId = client.ClientId, Reason = reason },
        });
}
