using Akka.Actor;
using Akka.Cluster;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>A member of the cluster as it says of itself in its roles.</summary>
/// <param name="Uid">Of this membership.</param>
/// <param name="Node">Its node actor.</param>
internal sealed record MemberNode(int Uid, string Name, string Site, int Shards, IReadOnlyList<string> Roles, bool Leaves, IActorRef Node)
{
    public static MemberNode Of(Member member, ExtendedActorSystem system)
    {
        var node = new RootActorPath(member.Address) / "user" / NodeActor.Name;
        return new MemberNode(
            member.UniqueAddress.Uid,
            Said(member, AkkaRoles.NamePrefix),
            Said(member, AkkaRoles.SitePrefix),
            int.TryParse(Said(member, AkkaRoles.ShardsPrefix), out var shards) ? shards : 0,
            [.. member.Roles.Order(StringComparer.Ordinal)],
            member.Status is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down,
            system.Provider.ResolveActorRef(node));
    }

    private static string Said(Member member, string prefix) => member.Roles.FirstOrDefault(role => role.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? "";
}

/// <summary>The members at one moment, the oldest first.</summary>
internal sealed record MemberView(IReadOnlyList<MemberNode> Nodes)
{
    public static readonly MemberView Empty = new([]);

    /// <summary>The youngest of that name: a name may be there twice for a while, when its former process died and is not removed yet.</summary>
    public MemberNode? Named(string name) => Nodes.LastOrDefault(node => node.Name == name);
}
