using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>Addresses of actors and their persistence ids: lower-case kind, a dash, the id.</summary>
public static class ActorAddresses
{
    public static ActorAddress Ue(string mcpttId) => new() { Kind = ActorKindName.Ue, Id = mcpttId };

    public static ActorAddress Group(string groupId) => new() { Kind = ActorKindName.Group, Id = groupId };

    public static ActorAddress Call(string callId) => new() { Kind = ActorKindName.Call, Id = callId };

    public static ActorAddress Floor(string callId) => new() { Kind = ActorKindName.Floor, Id = callId };

    public static string PersistenceId(this ActorAddress address) => Prefix(address.Kind) + address.Id;

    public static bool TryParse(string persistenceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ActorAddress? address)
    {
        address = null;
        var dash = persistenceId.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || !Enum.TryParse<ActorKindName>(persistenceId.AsSpan(0, dash), ignoreCase: true, out var kind) || kind == ActorKindName.Unspecified)
        {
            return false;
        }

        address = new ActorAddress { Kind = kind, Id = persistenceId[(dash + 1)..] };
        return true;
    }

    private static string Prefix(ActorKindName kind) =>
        kind switch
        {
            ActorKindName.Ue => "ue-",
            ActorKindName.Group => "group-",
            ActorKindName.Call => "call-",
            ActorKindName.Floor => "floor-",
            ActorKindName.Upstreams => "upstreams-",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "an address names its kind"),
        };
}
