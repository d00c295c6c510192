namespace Mcptt.Actors.Shards;

/// <summary>The actors whose <see cref="ShardKey"/> is in a range, both ends included.</summary>
public readonly record struct KeyRange(uint First, uint Last)
{
    public bool Has(string persistenceId) => ShardKey.OfPersistenceId(persistenceId) is var key && key >= First && key <= Last;
}
