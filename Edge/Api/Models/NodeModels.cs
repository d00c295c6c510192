namespace Mcptt.Api.Models;

/// <summary>A node that lives.</summary>
public sealed record NodeModel
{
    public required string Name { get; init; }

    /// <summary>Of this membership: a node that came back has another number.</summary>
    public required int Instance { get; init; }

    /// <summary>Where other nodes reach it.</summary>
    public string? Address { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public string? Site { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>It hands its shards over and takes none.</summary>
    public required bool Draining { get; init; }

    /// <summary>Shards that it owns.</summary>
    public required IReadOnlyList<int> Shards { get; init; }

    /// <summary>What its media sessions weigh; absent: it has not said so lately.</summary>
    public int? MediaLoad { get; init; }
}

public sealed record NodeListModel
{
    public required IReadOnlyList<NodeModel> Items { get; init; }

    /// <summary>Name of the node that answers: it tells what it last saw.</summary>
    public required string SeenBy { get; init; }

    /// <summary>Why this may not be how it is now; absent: it is.</summary>
    public string? OutOfDate { get; init; }
}

/// <summary>A shard: the actors that move together.</summary>
public sealed record ShardModel
{
    public required int Shard { get; init; }

    /// <summary>Name of the node that owns it; absent: nobody at this moment.</summary>
    public string? Node { get; init; }

    /// <summary>Grows with each change of owner.</summary>
    public required long Epoch { get; init; }

    /// <summary>Name of the node that an operator wants it on; absent: any.</summary>
    public string? PinnedTo { get; init; }
}

public sealed record ShardListModel
{
    public required IReadOnlyList<ShardModel> Items { get; init; }

    /// <summary>Name of the node that answers: it tells what it last saw.</summary>
    public required string SeenBy { get; init; }

    /// <summary>Why this may not be how it is now; absent: it is.</summary>
    public string? OutOfDate { get; init; }
}

public sealed record ShardMoveModel
{
    /// <summary>Name of the node that the shard shall be on; empty: wherever it fits.</summary>
    public required string Node { get; init; }
}
