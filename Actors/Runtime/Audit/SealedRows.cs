using System.Buffers.Binary;
using System.Security.Cryptography;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>What a seal says of its rows: their tree, and the checks by which a change is located.</summary>
internal sealed class SealedRows
{
    private readonly ChainSpan[] _chains;

    /// <param name="chains">In any order.</param>
    public SealedRows(ChainSpan[] chains)
    {
        _chains = chains;
        Array.Sort(_chains, static (left, right) => left.Id.AsSpan().SequenceCompareTo(right.Id));
        var leaves = new Sha256Value[chains.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = _chains[i].Leaf;
        }

        Root = MerkleTree.Root(leaves);
    }

    public IReadOnlyList<ChainSpan> Chains => _chains;

    public byte[] Root { get; }

    public int Rows => _chains.Sum(chain => chain.Rows.Length);

    public static uint CheckOfChain(ReadOnlySpan<byte> id)
    {
        Span<byte> digest = stackalloc byte[Sha256Value.Octets];
        SHA256.HashData(id, digest);
        return BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    public static uint CheckOfRow(ChainSpan chain, int row) => BinaryPrimitives.ReadUInt32BigEndian(chain.Digests.Span[(row * Sha256Value.Octets)..]);

    /// <summary>Without a signature.</summary>
    public SealEvent ToSeal()
    {
        var seal = new SealEvent { Rows = (uint)Rows, Chains = (uint)_chains.Length, MerkleRoot = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(Root) };
        foreach (var chain in _chains)
        {
            seal.ChainCheck.Add(CheckOfChain(chain.Id));
            seal.ChainFirst.Add((ulong)chain.First);
            seal.ChainRows.Add((uint)chain.Rows.Length);
            for (var row = 0; row < chain.Rows.Length; row++)
            {
                seal.RowCheck.Add(CheckOfRow(chain, row));
            }
        }

        return seal;
    }
}
