using System.Buffers.Binary;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// A file to read from. Opening it reads header and trailer; all else is read when it is asked for, and checked before it is used. Throws
/// <see cref="ArchiveException"/> that names the file and the place.
/// </summary>
internal sealed class ArchiveFile
{
    private readonly IArchiveFiles _files;
    private readonly long _keysAt;
    private readonly long _indexAt;

    private ArchiveFile(IArchiveFiles files, string name, SafeFileHandle handle)
    {
        _files = files;
        Name = name;
        Bytes = RandomAccess.GetLength(handle);
        if (Bytes < ArchiveFormat.MagicBytes + ArchiveFormat.TrailerBytes)
        {
            throw At("trailer", new ArchiveException($"the file has {Bytes} bytes: it is torn"));
        }

        Span<byte> magic = stackalloc byte[ArchiveFormat.MagicBytes];
        ArchiveFrame.ReadFully(handle, magic, 0);
        if (!magic.SequenceEqual(ArchiveFormat.Magic))
        {
            throw At("magic", new ArchiveException("this is no archive"));
        }

        (_keysAt, _indexAt) = ReadTrailer(handle);
        Header = Parse(ArchiveHeader.Parser, ReadFrame(handle, ArchiveFrameKind.Header, ArchiveFormat.MagicBytes, "header").Stored, "header");
        if (Header.Version > ArchiveFormat.Version)
        {
            throw At("header", new ArchiveException($"it is of version {Header.Version}, this program knows up to {ArchiveFormat.Version}; use the newer program"));
        }
    }

    public string Name { get; }

    public long Bytes { get; }

    public ArchiveHeader Header { get; }

    /// <summary>Where the blocks end.</summary>
    public long KeysAt => _keysAt;

    public static ArchiveFile Open(IArchiveFiles files, string name)
    {
        using var handle = OpenHandle(files, name);
        return new ArchiveFile(files, name, handle);
    }

    public byte[] ReadKeys()
    {
        using var handle = OpenHandle();
        return ReadFrame(handle, ArchiveFrameKind.Keys, _keysAt, "keys").Stored;
    }

    public ArchiveIndex ReadIndex()
    {
        using var handle = OpenHandle();
        return Parse(ArchiveIndex.Parser, Decompress(ReadFrame(handle, ArchiveFrameKind.Index, _indexAt, "index"), _indexAt, "index"), "index");
    }

    /// <summary>Rows of some blocks, one block in memory at a time.</summary>
    public IEnumerable<JournalRecord> ReadRecords(IEnumerable<ArchiveBlockEntry> blocks) => ReadBlocks(blocks).SelectMany(ArchiveBlockDraft.Records);

    public IEnumerable<ArchiveBlock> ReadBlocks(IEnumerable<ArchiveBlockEntry> blocks)
    {
        using var handle = OpenHandle();
        foreach (var block in blocks)
        {
            yield return ReadBlock(handle, block.Offset, out _);
        }
    }

    public SafeFileHandle OpenHandle() => OpenHandle(_files, Name);

    /// <summary>One block as it was before it was compressed, and parsed.</summary>
    public ArchiveBlock ReadBlock(SafeFileHandle handle, long offset, out (byte[] Raw, long TotalBytes) read)
    {
        const string what = "block";
        var frame = ReadFrame(handle, ArchiveFrameKind.Block, offset, what);
        read = (Decompress(frame, offset, what), frame.TotalBytes);
        return Parse(ArchiveBlock.Parser, read.Raw, $"{what} at byte {offset}");
    }

    private static SafeFileHandle OpenHandle(IArchiveFiles files, string name)
    {
        try
        {
            return files.Open(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException($"archive {name}: {failure.Message}", failure);
        }
    }

    private (long KeysAt, long IndexAt) ReadTrailer(SafeFileHandle handle)
    {
        Span<byte> trailer = stackalloc byte[ArchiveFormat.TrailerBytes];
        ArchiveFrame.ReadFully(handle, trailer, Bytes - trailer.Length);
        if (!trailer[^ArchiveFormat.MagicBytes..].SequenceEqual(ArchiveFormat.EndMagic) || BinaryPrimitives.ReadInt64LittleEndian(trailer[16..]) != Bytes)
        {
            throw At("trailer", new ArchiveException($"the file does not end with one after {Bytes} bytes: it is torn"));
        }

        var keysAt = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        var indexAt = BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]);
        return keysAt > 0 && keysAt < indexAt && indexAt < Bytes ? (keysAt, indexAt) : throw At("trailer", new ArchiveException("it was changed"));
    }

    private ArchiveFrame ReadFrame(SafeFileHandle handle, ArchiveFrameKind kind, long offset, string what)
    {
        try
        {
            return ArchiveFrame.Read(handle, offset, kind);
        }
        catch (ArchiveException failure)
        {
            throw At($"{what} at byte {offset}", failure);
        }
        catch (IOException failure)
        {
            throw At($"{what} at byte {offset}", new ArchiveException(failure.Message, failure));
        }
    }

    private byte[] Decompress(ArchiveFrame frame, long offset, string what)
    {
        try
        {
            return frame.Decompress();
        }
        catch (ArchiveException failure)
        {
            throw At($"{what} at byte {offset}", failure);
        }
    }

    private T Parse<T>(MessageParser<T> parser, byte[] bytes, string where)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw At(where, new ArchiveException($"it cannot be read: {failure.Message}", failure));
        }
    }

    private ArchiveException At(string where, ArchiveException failure) =>
        new($"archive {Name}, {where}: {failure.Message}; bring the file back from a copy", failure);
}
