using System.Text;

namespace Mcptt.Actors.Shards;

/// <summary>
/// Which shard an actor is in: the upper bits of a hash (FNV-1a, 32 bits, with a final mix) over its id without the kind, so that a call and its floor stand on
/// the same node, and so that a shard is a range of keys. It is part of the stored format: it must never change.
/// </summary>
public static class ShardKey
{
    private const uint Basis = 2_166_136_261;
    private const uint Prime = 16_777_619;
    private const int StackBytes = 256;

    public static uint Of(ReadOnlySpan<char> actorId)
    {
        Span<byte> buffer = stackalloc byte[StackBytes];
        if (!Encoding.UTF8.TryGetBytes(actorId, buffer, out var length))
        {
            buffer = new byte[length = Encoding.UTF8.GetByteCount(actorId)];
            Encoding.UTF8.GetBytes(actorId, buffer);
        }

        var bytes = buffer[..length];
        var hash = Basis;
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * Prime;
        }

        // FNV's upper bits hardly depend on the last octets, and those are where identities differ.
        hash ^= hash >> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        hash *= 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    /// <summary>The key of the actor with this persistence id: kind, dash, id.</summary>
    public static uint OfPersistenceId(string persistenceId) => Of(persistenceId.AsSpan(persistenceId.IndexOf('-', StringComparison.Ordinal) + 1));

    public static int ShardOf(string actorId, int shards) => (int)(((ulong)Of(actorId) * (ulong)shards) >> 32);

    /// <summary>The keys of a shard, both ends included.</summary>
    public static KeyRange RangeOf(int shard, int shards) => new((uint)FirstOf(shard, (ulong)shards), (uint)(FirstOf(shard + 1, (ulong)shards) - 1));

    private static ulong FirstOf(int shard, ulong shards) => ((((ulong)shard) << 32) + shards - 1) / shards;
}
