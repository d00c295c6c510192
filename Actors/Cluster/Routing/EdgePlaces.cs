using System.Collections.Concurrent;
using Mcptt.Actors.Cluster.Membership;

namespace Mcptt.Actors.Cluster.Routing;

/// <summary>
/// Which edge an effect is for. The one that its flow names, as long as that one lives, and for a while after its death, because it may just be started again; then any
/// edge: a phone without NAT is reached from everywhere, and for the others the transaction fails, which is what the actor needs to be told.
/// </summary>
internal sealed class EdgePlaces(string ownName, TimeSpan grace, TimeProvider time)
{
    /// <summary>Names of edges that are away and are remembered; a further one is taken for gone at once.</summary>
    private const int AwayLimit = 1_000;

    private readonly ConcurrentDictionary<string, long> _awaySince = new();

    /// <summary>Name of the edge that shall send it; null: there is none now.</summary>
    /// <param name="named">What the flow names; empty: nobody.</param>
    /// <param name="isEdge">Whether this node is one.</param>
    public string? Find(ClusterView view, string named, bool isEdge)
    {
        if (named.Length > 0 && IsThere(view, named, isEdge))
        {
            _awaySince.TryRemove(named, out _);
            return named;
        }

        if (named.Length > 0 && !IsGone(named))
        {
            return null;
        }

        // One that leaves is asked only where there is no other.
        return isEdge
            ? ownName
            : view.Nodes.Where(node => node.Roles.Contains(ClusterRoles.Edge)).OrderBy(node => node.Draining).ThenBy(node => node.Instance).FirstOrDefault()?.Name;
    }

    private bool IsThere(ClusterView view, string named, bool isEdge) =>
        named == ownName ? isEdge : view.Named(named)?.Roles.Contains(ClusterRoles.Edge) == true;

    private bool IsGone(string named)
    {
        if (_awaySince.Count >= AwayLimit && !_awaySince.ContainsKey(named))
        {
            return true;
        }

        return time.GetElapsedTime(_awaySince.GetOrAdd(named, _ => time.GetTimestamp())) >= grace;
    }
}
