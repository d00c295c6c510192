using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Mcptt.Actors.Routing;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>A member of the cluster as it says of itself: in its roles, and in the conditions that it tells.</summary>
/// <param name="Instance">Place by age: who joined later has a higher one.</param>
/// <param name="Uid">Of this membership.</param>
/// <param name="Node">Its node actor.</param>
internal sealed record MemberNode(int Instance, string Name, IReadOnlyList<string> Roles, string Site, bool Draining, int Uid, int Shards, IActorRef Node)
    : ClusterMember(Instance, Name, Roles, Site, Draining)
{
    public string Version { get; private init; } = "";

    /// <summary>The default: it does not say, as it is not one of ours.</summary>
    public DateTimeOffset Started { get; private init; }

    /// <summary>HOST:PORT.</summary>
    public string Address { get; private init; } = "";

    /// <param name="told">What it told last; null: nothing yet.</param>
    public static MemberNode Of(Member member, int instance, NodeCondition? told, ExtendedActorSystem system)
    {
        var node = new RootActorPath(member.Address) / "user" / NodeActor.Name;
        return new MemberNode(
            instance,
            Said(member, AkkaRoles.NamePrefix),
            [.. member.Roles.Order(StringComparer.Ordinal)],
            Said(member, AkkaRoles.SitePrefix),
            told is { Draining: true } || member.Status is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down,
            member.UniqueAddress.Uid,
            int.TryParse(Said(member, AkkaRoles.ShardsPrefix), out var shards) ? shards : 0,
            system.Provider.ResolveActorRef(node))
        {
            Run = Said(member, AkkaRoles.RunPrefix),
            Address = $"{member.Address.Host}:{member.Address.Port}",
            Version = member.AppVersion.ToString(),
            Started = long.TryParse(Said(member, AkkaRoles.StartedPrefix), NumberStyles.None, CultureInfo.InvariantCulture, out var started) ? DateTimeOffset.FromUnixTimeSeconds(started) : default,
            MediaLoad = told is { HasMediaLoad: true } ? told.MediaLoad : null,
        };
    }

    private static string Said(Member member, string prefix) => member.Roles.FirstOrDefault(role => role.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? "";
}

/// <summary>The members at one moment, the oldest first.</summary>
internal sealed record MemberView(IReadOnlyList<MemberNode> Nodes)
{
    public static readonly MemberView Empty = new([]);

    public MemberNode? Named(string name) => Nodes.Named(name);
}
