using Mcptt.Actors.Routing;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>A node that lives: its session with the database holds its lock.</summary>
/// <param name="Instance">Of this membership: a node that lost its session comes back with another number.</param>
/// <param name="Address">Where its stream is, as a URI.</param>
public sealed record ClusterNode(int Instance, string Name, Uri Address, IReadOnlyList<string> Roles, string Site, string Version, DateTimeOffset Started, bool Draining)
    : ClusterMember(Instance, Name, Roles, Site, Draining)
{
    /// <summary>Generation of events up to which it reads (<see cref="EventFormat"/>).</summary>
    public int Reads { get; init; } = EventFormat.Current.Reads;

    public bool Takes(ShardRow shard) => Reads >= shard.Format;

    public bool TakesShards => !Draining && Roles.Contains(ClusterRoles.Actors);
}

/// <param name="Owner">Instance of a node, alive or not; 0: nobody.</param>
/// <param name="Epoch">Grows with each change of owner.</param>
/// <param name="Pinned">Name of the node that an operator wants it on; empty: any.</param>
public sealed record ShardRow(int Id, int Owner, long Epoch, string Pinned)
{
    /// <summary>The newest generation of events that may be in its histories.</summary>
    public int Format { get; init; }
}

/// <summary>What the database said at one moment. Every node that sees the same computes the same placement from it.</summary>
public sealed record ClusterView(IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ShardRow> Shards)
{
    public static readonly ClusterView Empty = new([], []);

    public ClusterNode? Alive(int instance) => Nodes.FirstOrDefault(node => node.Instance == instance);

    /// <summary>The one of that name that joined last: a name may be there twice for a moment while its former instance is dying.</summary>
    public ClusterNode? Named(string name) => Nodes.Named<ClusterNode>(name);
}
