using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Routing;

/// <param name="Near">Name of the node by whose site it is wanted; empty: wherever.</param>
/// <param name="Avoid">Names of nodes that take it only if nobody else can.</param>
public sealed record SessionWish(string Session, string Near, IReadOnlyCollection<string> Avoid);

/// <summary>
/// Which media node a session goes to. Pure, and the same for whoever sees the same view: near its caller, then who carries least. Nodes that carry about as
/// little share what comes by the highest hash of session and name, because what everybody knows of the load is always a moment old.
/// </summary>
public static class SessionPlacement
{
    /// <summary>A load that is above the least by no more than this is as good as the least.</summary>
    public const int Slack = 32;

    /// <summary>The same as a share of the least load, for where loads are high.</summary>
    private const int SlackShare = 8;

    /// <summary>Null: there is no media node that takes sessions.</summary>
    public static ClusterMember? Choose(IReadOnlyList<ClusterMember> members, SessionWish wish)
    {
        var takers = members.Where(node => node.TakesSessions).GroupBy(node => node.Name).Select(named => named.MaxBy(node => node.Instance)!).ToList(); // No group is empty.
        takers = Preferred(takers, node => !wish.Avoid.Contains(node.Name));
        var site = members.Named(wish.Near)?.Site ?? "";
        takers = site.Length == 0 ? takers : Preferred(takers, node => node.Site == site);
        if (takers.Count == 0)
        {
            return null;
        }

        // Who has not said how much it carries may carry anything: it comes last.
        var most = takers.Max(node => node.MediaLoad ?? 0);
        var least = takers.Min(node => node.MediaLoad ?? most);
        var limit = least + Math.Max(Slack, least / SlackShare);
        return takers
            .Where(node => (node.MediaLoad ?? most) <= limit)
            .MaxBy(node => (ShardKey.Of(wish.Session + '@' + node.Name), node.Name));
    }

    private static List<ClusterMember> Preferred(List<ClusterMember> nodes, Func<ClusterMember, bool> isPreferred) => nodes.Exists(node => isPreferred(node)) ? nodes.FindAll(node => isPreferred(node)) : nodes;
}
