using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Walks a file of receipts beside the seals; both are in the order of their numbers.</summary>
internal sealed class ReceiptCursor(string path, Findings findings) : IAsyncDisposable
{
    private IAsyncEnumerator<string>? _lines;
    private SealReceipt? _next;
    private ulong _skipped;
    private bool _isAtEnd = path.Length == 0;

    public int Lines { get; private set; }

    /// <summary>Lines that a crash left unfinished, or that somebody spoilt.</summary>
    public int BadLines { get; private set; }

    public void Skip(ulong number) => _skipped = number;

    public async ValueTask CheckAsync(StoredEvent stored, SealEvent seal, CancellationToken cancellationToken)
    {
        while (await PeekAsync(cancellationToken) is { } receipt && receipt.Number <= seal.Number)
        {
            if (receipt.Number == seal.Number && receipt != SealReceipt.Of(seal))
            {
                findings.Add(new Finding(
                    FindingKind.Receipt, SealLimits.PersistenceId, stored.SequenceNumber, stored.Ordering, stored.Created, SealInterval.None,
                    "it is not the seal of which there is a receipt: it was made anew, or the journal is another one"));
            }
            else if (receipt.Number < seal.Number && receipt.Number > _skipped)
            {
                Missing(receipt, "it is not among the good seals of the journal");
            }

            _next = null;
        }
    }

    public async ValueTask EndAsync(ulong last, CancellationToken cancellationToken)
    {
        for (var told = false; await PeekAsync(cancellationToken) is { } receipt; _next = null)
        {
            if (!told && receipt.Number > last)
            {
                Missing(receipt, $"the journal ends with seal {last}: it was cut off before, or put back to an older state");
                told = true;
            }
        }
    }

    public ValueTask DisposeAsync() => _lines?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Missing(SealReceipt receipt, string text) =>
        findings.Add(new Finding(
            FindingKind.Receipt, SealLimits.PersistenceId, (long)receipt.Number, 0, null, SealInterval.None,
            $"there is a receipt of seal {receipt.Number}, which covered rows up to ordering {receipt.ToOrdering}; {text}"));

    private async ValueTask<SealReceipt?> PeekAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lines ??= _isAtEnd ? null : File.ReadLinesAsync(path, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (_next is null && !_isAtEnd && _lines is not null)
            {
                _isAtEnd = !await _lines.MoveNextAsync();
                Lines += _isAtEnd ? 0 : 1;
                _next = _isAtEnd ? null : SealReceipt.Parse(_lines.Current);
                BadLines += _isAtEnd || _next is not null ? 0 : 1;
            }

            return _next;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new VerifyRefusedException($"the receipts cannot be read: {failure.Message}");
        }
    }
}
