using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>
/// What a seal knows of one row: every column that means something. Its persistence id is in the leaf, its tags follow from the event.
/// Numbers are big-endian (ops/adr/0008):
/// <code>
/// 0x02 | ordering 8 | sequence_number 8 | created 8 | identifier 8 | writer_uuid: length 4, UTF-8 | manifest: length 4, UTF-8 | SHA-256 of message 32
/// </code>
/// </summary>
internal static class RowDigest
{
    public const byte RowPrefix = 0x02;

    /// <summary>A text longer than these leaves room for on the stack was never written by us; it is hashed all the same.</summary>
    private const int UsualOctets = 512;

    private const int FixedOctets = 1 + 8 + 8 + 8 + 8 + 4 + 4 + Sha256Value.Octets;

    public static void Compute(in StoredEvent row, ReadOnlySpan<byte> messageSha256, Span<byte> digest)
    {
        var octets = FixedOctets + Encoding.UTF8.GetByteCount(row.WriterUuid) + Encoding.UTF8.GetByteCount(row.Manifest);
        var rented = octets > UsualOctets ? ArrayPool<byte>.Shared.Rent(octets) : null;
        Span<byte> buffer = rented ?? stackalloc byte[UsualOctets];
        buffer[0] = RowPrefix;
        BinaryPrimitives.WriteInt64BigEndian(buffer[1..], row.Ordering);
        BinaryPrimitives.WriteInt64BigEndian(buffer[9..], row.SequenceNumber);
        BinaryPrimitives.WriteInt64BigEndian(buffer[17..], row.Created.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(buffer[25..], row.Identifier);
        var end = 33;
        end += Text(row.WriterUuid, buffer[end..]);
        end += Text(row.Manifest, buffer[end..]);
        messageSha256.CopyTo(buffer[end..]);
        SHA256.HashData(buffer[..(end + Sha256Value.Octets)], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Text(string text, Span<byte> buffer)
    {
        var octets = Encoding.UTF8.GetBytes(text, buffer[4..]);
        BinaryPrimitives.WriteInt32BigEndian(buffer, octets);
        return 4 + octets;
    }
}
