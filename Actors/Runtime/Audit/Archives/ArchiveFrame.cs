using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>One frame of a file: its head and payload, checked against its SHA-256 before anything else is made of it.</summary>
internal readonly record struct ArchiveFrame(ArchiveFrameKind Kind, byte[] Stored, int RawBytes)
{
    public long TotalBytes => ArchiveFormat.FrameHeadBytes + Stored.Length;

    public static void Head(ArchiveFrameKind kind, ReadOnlySpan<byte> payload, int rawBytes, Span<byte> head)
    {
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[5..], rawBytes);
        Hash(head[..ArchiveFormat.LengthsBytes], payload, head[ArchiveFormat.LengthsBytes..]);
    }

    /// <summary>Throws <see cref="ArchiveException"/> with what is wrong; the caller knows where.</summary>
    public static ArchiveFrame Read(SafeFileHandle file, long offset, ArchiveFrameKind expected)
    {
        Span<byte> head = stackalloc byte[ArchiveFormat.FrameHeadBytes];
        ReadFully(file, head, offset);
        var stored = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        var raw = BinaryPrimitives.ReadInt32LittleEndian(head[5..]);
        if (head[0] != (byte)expected || stored is < 0 or > ArchiveFormat.MaxFrameBytes || raw is < 0 or > ArchiveFormat.MaxFrameBytes)
        {
            throw new ArchiveException("its head was changed");
        }

        if (offset + ArchiveFormat.FrameHeadBytes + stored > RandomAccess.GetLength(file))
        {
            throw new ArchiveException("the file ends within it");
        }

        var payload = new byte[stored];
        ReadFully(file, payload, offset + ArchiveFormat.FrameHeadBytes);
        Span<byte> hash = stackalloc byte[ArchiveFormat.HashBytes];
        Hash(head[..ArchiveFormat.LengthsBytes], payload, hash);
        return hash.SequenceEqual(head[ArchiveFormat.LengthsBytes..])
            ? new ArchiveFrame(expected, payload, raw)
            : throw new ArchiveException("its bytes are not those that were written (SHA-256)");
    }

    public byte[] Decompress()
    {
        var raw = new byte[RawBytes];
        return BrotliDecoder.TryDecompress(Stored, raw, out var written) && written == raw.Length
            ? raw
            : throw new ArchiveException("it cannot be decompressed");
    }

    /// <summary>Reads until the buffer is full.</summary>
    public static void ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
            {
                throw new ArchiveException("the file ends within it");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    private static void Hash(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(lengths);
        sha256.AppendData(payload);
        sha256.GetHashAndReset(hash);
    }
}
