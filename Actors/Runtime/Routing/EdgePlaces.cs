namespace Mcptt.Actors.Routing;

/// <summary>
/// Which edge an effect is for. The one that its flow names, as long as that one lives, and for a while after its death, because it may just be started again; then any
/// edge, at once where it left in order: a phone without NAT is reached from everywhere, and for the others the transaction fails, which is what the actor needs to be told.
/// </summary>
public sealed class EdgePlaces(string ownName, TimeSpan grace, NodeWatch watch)
{
    /// <summary>Name of the edge that shall send it; null: there is none now.</summary>
    /// <param name="named">What the flow names; empty: nobody.</param>
    /// <param name="isEdge">Whether this node is one.</param>
    public string? Find(IReadOnlyList<ClusterMember> members, string named, bool isEdge)
    {
        if (named.Length > 0 && IsThere(members, named, isEdge))
        {
            return named;
        }

        // A node that is there without the role has it no more: there is nothing to wait for.
        if (named.Length > 0 && members.Named(named) is null && !watch.IsGone(named, grace))
        {
            return null;
        }

        return Another(members, "", isEdge);
    }

    /// <summary>An edge that is not the one of that name; null: there is none now. One that leaves is asked only where there is no other.</summary>
    /// <param name="without">Its name.</param>
    public string? Another(IReadOnlyList<ClusterMember> members, string without, bool isEdge) =>
        isEdge && ownName != without
            ? ownName
            : members.Where(node => node.Roles.Contains(NodeRoles.Edge) && node.Name != without).OrderBy(node => node.Draining).ThenBy(node => node.Instance).FirstOrDefault()?.Name;

    private bool IsThere(IReadOnlyList<ClusterMember> members, string named, bool isEdge) =>
        named == ownName ? isEdge : members.Named(named)?.Roles.Contains(NodeRoles.Edge) == true;
}
