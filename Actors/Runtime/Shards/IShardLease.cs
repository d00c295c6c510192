namespace Mcptt.Actors.Shards;

/// <summary>
/// Whether this node may still speak for a shard. What is written is guarded by the journal's unique key; this guards what is only said: answers
/// that write nothing and effects. Once it is not held any more it never is again.
/// </summary>
public interface IShardLease
{
    bool IsHeld { get; }
}

/// <summary>The lease of an engine that shares its journal with nobody.</summary>
public sealed class SoleOwner : IShardLease
{
    public static readonly SoleOwner Instance = new();

    private SoleOwner()
    {
    }

    public bool IsHeld => true;
}
