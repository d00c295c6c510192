using System.Globalization;
using System.Text;
using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>
/// What is kept of a seal outside the database, one line each: number, ordering, root, key id, signature. With it a journal that was cut
/// off together with its last seals, or put back to an older state, is found.
/// </summary>
public sealed record SealReceipt(ulong Number, long ToOrdering, string Root, string KeyId, string Signature)
{
    private const int Fields = 5;

    public static SealReceipt Of(SealEvent seal) =>
        new(seal.Number, seal.ToOrdering, Hex(seal.MerkleRoot), seal.KeyId, Hex(seal.Signature));

    public static SealReceipt? Parse(string line)
    {
        var fields = line.Split(' ');
        return fields.Length == Fields
            && ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ordering)
            && fields[2].Length == 2 * Sha256Value.Octets
            && fields[4].Length == 2 * SealPublicKey.SignatureOctets
            ? new SealReceipt(number, ordering, fields[2], fields[3], fields[4])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {ToOrdering} {Root} {KeyId} {Signature}");

    private static string Hex(ByteString octets) => Convert.ToHexStringLower(octets.Span);
}

/// <summary>The file of receipts. Lines are only ever added, each flushed to the disk; a line that a crash left unfinished is ended and passed over.</summary>
internal sealed class SealReceiptFile(string path)
{
    /// <summary>Number of the last whole line; 0: there is none.</summary>
    public async ValueTask<ulong> ReadLastAsync(CancellationToken cancellationToken)
    {
        ulong last = 0;
        if (File.Exists(path))
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                last = Math.Max(last, SealReceipt.Parse(line)?.Number ?? 0);
            }
        }

        return last;
    }

    public async ValueTask AppendAsync(IReadOnlyList<SealReceipt> receipts, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var unfinished = await EndsUnfinishedAsync(file, cancellationToken);
        file.Seek(0, SeekOrigin.End);
        await file.WriteAsync(Encoding.ASCII.GetBytes((unfinished ? "\n" : "") + string.Concat(receipts.Select(receipt => $"{receipt}\n"))), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    private static async ValueTask<bool> EndsUnfinishedAsync(FileStream file, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        var last = new byte[1];
        await file.ReadExactlyAsync(last, cancellationToken);
        return last[0] != (byte)'\n';
    }
}
