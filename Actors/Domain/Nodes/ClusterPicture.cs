namespace Mcptt.Domain.Nodes;

/// <summary>Nodes that live and shards, as one node last saw them.</summary>
/// <param name="Failure">Why it is not up to date, for people; empty: it is.</param>
public sealed record ClusterPicture(IReadOnlyList<ClusterMember> Members, IReadOnlyList<ShardPlace> Shards, string Failure);

/// <summary>A node that lives.</summary>
/// <param name="Name">Kept over restarts.</param>
/// <param name="Instance">Of this membership: a node that came back has another number.</param>
/// <param name="Address">Where other nodes reach it; empty: there are no others.</param>
/// <param name="MediaLoad">What its media sessions weigh, as it said lately; null: it has not.</param>
public sealed record ClusterMember(
    string Name, int Instance, string Address, IReadOnlyList<string> Roles, string Site, string Version, DateTimeOffset Started, bool Draining, int? MediaLoad);

/// <summary>Where a shard is.</summary>
/// <param name="Owner">Instance of a node that lives; 0: nobody's at this moment.</param>
/// <param name="Epoch">Grows with each change of owner.</param>
/// <param name="Pinned">Name of the node that an operator wants it on; empty: any.</param>
public sealed record ShardPlace(int Shard, int Owner, long Epoch, string Pinned);

/// <summary>What became of an operator's order.</summary>
public enum NodeOrderOutcome
{
    /// <summary>It stands; what it asks for happens by and by.</summary>
    Ordered,
    UnknownNode,
    UnknownShard,

    /// <summary>The node drains, or has not the role to run actors.</summary>
    TakesNoShards,

    /// <summary>There is only one node.</summary>
    NotPossible,

    /// <summary>The database did not take it.</summary>
    Unavailable,
}

/// <param name="Detail">For people, where it was not ordered.</param>
public readonly record struct NodeOrder(NodeOrderOutcome Outcome, string Detail = "");
