using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>What was written, to be compared with what can be read back.</summary>
/// <param name="Sha256">Over the whole file.</param>
/// <param name="RawSha256">Over the blocks before they were compressed.</param>
internal sealed record ArchiveDigest(byte[] Sha256, byte[] RawSha256, long Bytes);

/// <summary>Writes one file from front to back. Rows come in the order of their orderings; in memory are one block and the index.</summary>
internal sealed class ArchiveWriter : IDisposable
{
    /// <summary>Brotli 5 with a window of 4 MiB: ops/docs/benchmarks.md has what other choices cost and save.</summary>
    private const int Quality = 5;
    private const int WindowBits = 22;

    private readonly Stream _output;
    private readonly ArchiveHeader _header;
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _raw = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArchiveIndexDraft _index = new();
    private ArchiveBlockDraft _block = new();
    private long _offset;

    public ArchiveWriter(Stream output, ArchiveHeader header)
    {
        _output = output;
        _header = header;
        Write(ArchiveFormat.Magic);
        var bytes = header.ToByteArray();
        WriteFrame(ArchiveFrameKind.Header, bytes, bytes.Length);
    }

    public void Add(in JournalRecord record)
    {
        _block.Add(record);
        _index.Add(record);
        if (_block.IsFull)
        {
            CloseBlock();
        }
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> when the rows are not those that the header announced.</summary>
    public ArchiveDigest Finish()
    {
        CloseBlock();
        if (_index.Rows != _header.Rows || _index.Actors != _header.PersistenceIds)
        {
            throw new InvalidOperationException($"{_index.Rows} rows of {_index.Actors} actors were written, {_header.Rows} of {_header.PersistenceIds} were announced");
        }

        var keysAt = _offset;
        var keys = _index.Keys();
        WriteFrame(ArchiveFrameKind.Keys, keys, keys.Length);
        var indexAt = _offset;
        WriteCompressed(ArchiveFrameKind.Index, _index.ToMessage().ToByteArray());
        WriteTrailer(keysAt, indexAt);
        return new ArchiveDigest(_whole.GetHashAndReset(), _raw.GetHashAndReset(), _offset);
    }

    public void Dispose()
    {
        _whole.Dispose();
        _raw.Dispose();
    }

    private void CloseBlock()
    {
        if (_block.Rows == 0)
        {
            return;
        }

        var bytes = _block.ToMessage().ToByteArray();
        _index.BlockClosed(_offset, _block.Rows);
        _raw.AppendData(bytes);
        WriteCompressed(ArchiveFrameKind.Block, bytes);
        _block = new ArchiveBlockDraft();
    }

    private void WriteTrailer(long keysAt, long indexAt)
    {
        Span<byte> trailer = stackalloc byte[ArchiveFormat.TrailerBytes];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, keysAt);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[8..], indexAt);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[16..], _offset + ArchiveFormat.TrailerBytes);
        Write(trailer[..24]);
        Span<byte> hash = trailer.Slice(24, ArchiveFormat.HashBytes);
        _whole.GetCurrentHash(hash);
        Write(hash);
        Write(ArchiveFormat.EndMagic);
    }

    private void WriteCompressed(ArchiveFrameKind kind, byte[] raw)
    {
        var rented = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(raw.Length));
        try
        {
            if (!BrotliEncoder.TryCompress(raw, rented, out var written, Quality, WindowBits))
            {
                throw new InvalidOperationException($"{raw.Length} bytes do not fit into {rented.Length} compressed ones");
            }

            WriteFrame(kind, rented.AsSpan(0, written), raw.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void WriteFrame(ArchiveFrameKind kind, ReadOnlySpan<byte> payload, int rawBytes)
    {
        Span<byte> head = stackalloc byte[ArchiveFormat.FrameHeadBytes];
        ArchiveFrame.Head(kind, payload, rawBytes, head);
        Write(head);
        Write(payload);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _whole.AppendData(bytes);
        _output.Write(bytes);
        _offset += bytes.Length;
    }
}
