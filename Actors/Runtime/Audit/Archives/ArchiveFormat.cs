namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// The layout of an archive file. Integers are little-endian; every SHA-256 covers what stands before it in its frame as well.
/// <code>
/// file    | magic "MCPTTAR1" | header | block ... block | keys | index | trailer |
/// frame   | kind 1 | stored bytes 4 | raw bytes 4 | SHA-256 over these three and the payload 32 | payload |
/// trailer | offset of keys 8 | offset of index 8 | bytes of the file 8 | SHA-256 over all before it 32 | magic "1RATTPCM" |
/// </code>
/// Blocks and index are compressed by Brotli (raw bytes differ from stored ones), header and keys are not. Header, blocks and index are the
/// messages of archive.proto; keys are 64-bit hashes of all persistence ids and tags, ascending.
/// </summary>
internal static class ArchiveFormat
{
    public const string Extension = ".mca";

    /// <summary>While it is being written. Whatever has this name after a crash is worth nothing: its rows are in the journal.</summary>
    public const string PartExtension = ".mca-part";

    public const uint Version = 1;

    public const int MagicBytes = 8;
    public const int HashBytes = 32;
    public const int LengthsBytes = 9;
    public const int FrameHeadBytes = LengthsBytes + HashBytes;
    public const int TrailerBytes = 24 + HashBytes + MagicBytes;

    /// <summary>A block is closed when it has as many rows or bytes; one row more than that makes a block of its own.</summary>
    public const int BlockRows = 512;
    public const int BlockBytes = 256 * 1024;

    /// <summary>No frame is longer; a reader refuses one before it makes room for it.</summary>
    public const int MaxFrameBytes = 256 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "MCPTTAR1"u8;

    public static ReadOnlySpan<byte> EndMagic => "1RATTPCM"u8;
}

internal enum ArchiveFrameKind : byte
{
    Header = (byte)'H',
    Block = (byte)'B',
    Keys = (byte)'K',
    Index = (byte)'I',
}

/// <summary>A file cannot be written or is not what it says it is; the message says which, where and what to do.</summary>
public sealed class ArchiveException(string message, Exception? inner = null) : Exception(message, inner);
