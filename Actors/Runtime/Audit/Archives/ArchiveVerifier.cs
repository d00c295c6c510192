using System.Security.Cryptography;
using Mcptt.Protocol.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>What a file is worth.</summary>
/// <param name="Problems">Each with its place; none: every byte is as it was written.</param>
/// <param name="Sha256">Of the whole file as it is now.</param>
/// <param name="RawSha256">Over its blocks before they were compressed; empty where one could not be read.</param>
public sealed record ArchiveVerification(string Name, IReadOnlyList<string> Problems, byte[] Sha256, byte[] RawSha256)
{
    public bool IsGood => Problems.Count == 0;
}

/// <summary>Reads a file from front to back: every byte by the trailer's SHA-256, every row by its place in the index.</summary>
internal sealed class ArchiveVerifier
{
    private const int ChunkBytes = 256 * 1024;

    private readonly List<string> _problems = [];
    private readonly IArchiveFiles _files;
    private readonly string _name;

    private ArchiveVerifier(IArchiveFiles files, string name)
    {
        _files = files;
        _name = name;
    }

    /// <summary>Never throws for what is wrong with the file.</summary>
    public static ArchiveVerification Verify(IArchiveFiles files, string name, CancellationToken cancellationToken)
    {
        var verifier = new ArchiveVerifier(files, name);
        byte[] sha256 = [], raw = [];
        try
        {
            sha256 = verifier.CheckWhole(cancellationToken);
            raw = verifier.CheckFrames(ArchiveFile.Open(files, name), cancellationToken);
        }
        catch (ArchiveException failure)
        {
            verifier._problems.Add(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            verifier._problems.Add($"archive {name}: {failure.Message}");
        }

        return new ArchiveVerification(name, verifier._problems, sha256, raw);
    }

    private byte[] CheckWhole(CancellationToken cancellationToken)
    {
        using var handle = _files.Open(_name);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = RandomAccess.GetLength(handle);
        var hashed = length - ArchiveFormat.HashBytes - ArchiveFormat.MagicBytes;
        Append(handle, sha256, 0, Math.Max(0, hashed), cancellationToken);
        Span<byte> now = stackalloc byte[ArchiveFormat.HashBytes];
        sha256.GetCurrentHash(now);
        if (hashed >= 0)
        {
            Span<byte> written = stackalloc byte[ArchiveFormat.HashBytes];
            ArchiveFrame.ReadFully(handle, written, hashed);
            if (!now.SequenceEqual(written))
            {
                _problems.Add($"archive {_name}: its bytes are not those that were written (SHA-256 in the trailer)");
            }
        }

        Append(handle, sha256, Math.Max(0, hashed), length, cancellationToken);
        return sha256.GetHashAndReset();
    }

    private static void Append(SafeFileHandle handle, IncrementalHash sha256, long from, long to, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkBytes];
        while (from < to)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, to - from));
            ArchiveFrame.ReadFully(handle, part, from);
            sha256.AppendData(part);
            from += part.Length;
        }
    }

    // Each bad block is named. Their places come from the index, which has its own SHA-256.
    private byte[] CheckFrames(ArchiveFile file, CancellationToken cancellationToken)
    {
        var index = file.ReadIndex();
        var keys = file.ReadKeys();
        CheckKeys(index, keys);
        using var handle = file.OpenHandle();
        using var raw = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var contents = new ArchiveIndexDraft();
        var expected = index.Blocks.Count > 0 ? index.Blocks[0].Offset : file.KeysAt;
        var isWhole = true;
        for (var i = 0; i < index.Blocks.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isWhole &= TryBlock(file, handle, index, i, contents, raw, ref expected);
        }

        if (isWhole && (expected != file.KeysAt || !contents.ToMessage().Equals(index) || contents.Rows != file.Header.Rows))
        {
            _problems.Add($"archive {_name}: index or header do not say what its blocks hold");
        }

        return isWhole ? raw.GetHashAndReset() : [];
    }

    private bool TryBlock(ArchiveFile file, SafeFileHandle handle, ArchiveIndex index, int number, ArchiveIndexDraft contents, IncrementalHash raw, ref long expected)
    {
        var entry = index.Blocks[number];
        try
        {
            var block = file.ReadBlock(handle, entry.Offset, out var read);
            raw.AppendData(read.Raw);
            foreach (var record in ArchiveBlockDraft.Records(block))
            {
                contents.Add(record);
            }

            contents.BlockClosed(entry.Offset, block.Rows.Count);
            var follows = entry.Offset == expected;
            expected = entry.Offset + read.TotalBytes;
            return follows || Bad("it does not follow the block before it");
        }
        catch (ArchiveException failure)
        {
            return Bad((failure.InnerException ?? failure).Message);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            return Bad($"its rows contradict each other: {failure.Message}");
        }

        bool Bad(string what)
        {
            _problems.Add(
                $"archive {_name}, block {number + 1} of {index.Blocks.Count} at byte {entry.Offset} (orderings {entry.FirstOrdering} to {entry.LastOrdering}): {what}");
            return false;
        }
    }

    private void CheckKeys(ArchiveIndex index, ReadOnlySpan<byte> keys)
    {
        foreach (var actor in index.Actors)
        {
            if (!ArchiveIndexDraft.Contains(keys, ArchiveIndexDraft.KeyOfActor(actor.PersistenceId)))
            {
                _problems.Add($"archive {_name}, keys: {actor.PersistenceId} is not among them");
                return;
            }
        }

        if (keys.Length != (index.Actors.Count + index.Tags.Count) * sizeof(ulong))
        {
            _problems.Add($"archive {_name}, keys: there are {keys.Length / sizeof(ulong)} for {index.Actors.Count + index.Tags.Count} persistence ids and tags");
        }
    }
}
