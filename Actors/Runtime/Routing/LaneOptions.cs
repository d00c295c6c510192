namespace Mcptt.Actors.Routing;

/// <summary>Bounds of the way that commands take to the nodes that own their shards, with what happens at each.</summary>
public sealed record LaneOptions
{
    /// <summary>How many shards there are.</summary>
    public int Shards { get; init; } = 64;

    /// <summary>Commands that may wait for one shard while its owner is not known; further ones are answered OVERLOADED.</summary>
    public int LaneLimit { get; init; } = 4_096;

    /// <summary>After a shard's owner could not be reached, it is tried again after this time unless another one is known before.</summary>
    public TimeSpan LaneRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a command may wait for its shard and its answer; then DEADLINE.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);
}
