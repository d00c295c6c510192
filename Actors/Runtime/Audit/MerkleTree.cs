using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Mcptt.Actors.Audit;

/// <summary>The tree of RFC 6962 2.1: leaves and nodes are hashed with different first octets, so that neither passes for the other.</summary>
internal static class MerkleTree
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>The leaf of one persistence id: 0x00 | its length 4, UTF-8 | first sequence number 8 | last 8 | SHA-256 over the digests of its rows 32.</summary>
    public static void Leaf(ReadOnlySpan<byte> persistenceId, long first, long last, ReadOnlySpan<byte> rowDigests, Span<byte> leaf)
    {
        Span<byte> input = new byte[1 + 4 + persistenceId.Length + 8 + 8 + Sha256Value.Octets];
        input[0] = LeafPrefix;
        BinaryPrimitives.WriteInt32BigEndian(input[1..], persistenceId.Length);
        persistenceId.CopyTo(input[5..]);
        var rest = input[(5 + persistenceId.Length)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, first);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], last);
        SHA256.HashData(rowDigests, rest[16..]);
        SHA256.HashData(input, leaf);
    }

    /// <summary>MTH of RFC 6962 2.1 over leaves that are hashed already.</summary>
    public static byte[] Root(ReadOnlySpan<Sha256Value> leaves)
    {
        if (leaves.IsEmpty)
        {
            return SHA256.HashData([]);
        }

        var root = new byte[Sha256Value.Octets];
        Root(leaves, root);
        return root;
    }

    private static void Root(ReadOnlySpan<Sha256Value> leaves, Span<byte> root)
    {
        if (leaves.Length == 1)
        {
            ((ReadOnlySpan<byte>)leaves[0]).CopyTo(root);
            return;
        }

        // k, the largest power of two smaller than n: the depth of the calls is the logarithm of n.
        var left = 1 << BitOperations.Log2((uint)leaves.Length - 1);
        Span<byte> node = stackalloc byte[1 + (2 * Sha256Value.Octets)];
        node[0] = NodePrefix;
        Root(leaves[..left], node[1..]);
        Root(leaves[left..], node[(1 + Sha256Value.Octets)..]);
        SHA256.HashData(node, root);
    }
}
