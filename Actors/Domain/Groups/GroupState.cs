using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Groups;

/// <summary>One group identity: its document, who is affiliated, and the call under way.</summary>
public abstract record GroupState
{
    private GroupState(string id) => Id = id;

    public string Id { get; }

    /// <summary>There is no document: nobody can affiliate or call.</summary>
    public sealed record Absent(string Id) : GroupState(Id);

    public sealed record Present(string Id, GroupDocument Document) : GroupState(Id)
    {
        /// <summary>By MCPTT ID, for look-up; the document keeps the order.</summary>
        public ImmutableDictionary<string, GroupMember> Members { get; init; } = ByMcpttId(Document);

        public ImmutableSortedDictionary<ClientKey, ClientContact> Affiliated { get; init; } = ImmutableSortedDictionary<ClientKey, ClientContact>.Empty;

        /// <summary>Empty: none.</summary>
        public string Call { get; init; } = "";

        public RefusalWindow Refusals { get; init; } = RefusalWindow.None;

        public static ImmutableDictionary<string, GroupMember> ByMcpttId(GroupDocument document) =>
            document.Members.ToImmutableDictionary(member => member.McpttId, StringComparer.Ordinal);
    }
}

/// <summary>Affiliation is per user and client (TS 24.379 9).</summary>
public readonly record struct ClientKey(string McpttId, string ClientId) : IComparable<ClientKey>
{
    public static ClientKey Of(ClientContact client) => new(client.McpttId, client.ClientId);

    public int CompareTo(ClientKey other)
    {
        var byUser = string.CompareOrdinal(McpttId, other.McpttId);
        return byUser != 0 ? byUser : string.CompareOrdinal(ClientId, other.ClientId);
    }

    public static bool operator <(ClientKey left, ClientKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ClientKey left, ClientKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ClientKey left, ClientKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ClientKey left, ClientKey right) => left.CompareTo(right) >= 0;
}
