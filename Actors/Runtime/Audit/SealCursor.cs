using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>A seal that can be compared with rows.</summary>
internal sealed record PlacedSeal(SealEvent Seal, SealInterval Interval)
{
    public long After => Seal.AfterOrdering;

    public long To => Seal.ToOrdering;
}

/// <summary>
/// Reads the seals one after the other, ahead of the rows that they cover, and checks each for itself: number, extent, time, octets, signature,
/// receipt. One that does not hold is told of and passed over: its rows are then under no seal.
/// </summary>
internal sealed class SealCursor(IJournalReader journal, VerifyOptions options, Findings findings) : IAsyncDisposable
{
    private readonly Dictionary<string, KeyUse> _otherKeys = new(StringComparer.Ordinal);
    private readonly ReceiptCursor _receipts = new(options.ReceiptsPath, findings);
    private IAsyncEnumerator<StoredEvent>? _stored;
    private SealEvent? _previous;
    private DateTimeOffset? _previousTime;
    private long _toOrdering;
    private long _lastSeen;

    public long Count { get; private set; }

    public ulong LastNumber => _previous?.Number ?? 0;

    public DateTimeOffset? LastTime => _previousTime;

    /// <summary>Of the last good seal that was read.</summary>
    public long ToOrdering => _toOrdering;

    public int ReceiptLines => _receipts.Lines;

    public int BadReceiptLines => _receipts.BadLines;

    /// <summary>The next good seal; null: there is none any more.</summary>
    public async ValueTask<PlacedSeal?> NextAsync(CancellationToken cancellationToken)
    {
        _stored ??= journal.ReadActorAsync(SealLimits.PersistenceId, 1, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await _stored.MoveNextAsync())
        {
            var stored = _stored.Current;
            Count++;
            NoteMissing(stored);
            if (await CheckAsync(stored, cancellationToken) is not { } seal)
            {
                continue;
            }

            var time = SealRecord.TimeOf(seal);
            var placed = new PlacedSeal(seal, new SealInterval(LastNumber, _previousTime, seal.Number, time));
            (_previous, _previousTime, _toOrdering) = (seal, time, seal.ToOrdering);
            return placed;
        }

        return null;
    }

    /// <summary>When there is no seal any more: receipts of seals that should be there, and whose signatures were not ours.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await _receipts.EndAsync(LastNumber, cancellationToken);
        foreach (var (keyId, use) in _otherKeys)
        {
            findings.Add(new Finding(
                FindingKind.WrongKey, SealLimits.PersistenceId, use.First, use.Ordering, null, SealInterval.None,
                $"{use.Count} seals, {use.First} to {use.Last}, are signed with key {keyId}, which is not {string.Join(" or ", options.Keys.Select(key => key.KeyId))}"));
        }
    }

    /// <summary>The seal after which verification begins when it begins late: those up to it are not checked.</summary>
    public void Skip(SealEvent before, CancellationToken cancellationToken)
    {
        _stored = journal.ReadActorAsync(SealLimits.PersistenceId, (long)before.Number + 1, cancellationToken).GetAsyncEnumerator(cancellationToken);
        (_previous, _previousTime, _toOrdering, _lastSeen) = (before, SealRecord.TimeOf(before), before.ToOrdering, (long)before.Number);
        _receipts.Skip(before.Number);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stored is not null)
        {
            await _stored.DisposeAsync();
        }

        await _receipts.DisposeAsync();
    }

    private void NoteMissing(in StoredEvent stored)
    {
        if (stored.SequenceNumber > _lastSeen + 1)
        {
            findings.Add(new Finding(
                FindingKind.RemovedSeal, SealLimits.PersistenceId, _lastSeen + 1, 0, null, new SealInterval(LastNumber, _previousTime, (ulong)stored.SequenceNumber, stored.Created),
                $"{(stored.SequenceNumber == _lastSeen + 2 ? "this seal is" : $"seals {_lastSeen + 1} to {stored.SequenceNumber - 1} are")} missing"));
        }

        _lastSeen = stored.SequenceNumber;
    }

    private async ValueTask<SealEvent?> CheckAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (!SealRecord.TryRead(stored, out var envelope) || envelope.Event.Seal is not { } seal)
        {
            return Changed(stored, "it is no seal any more");
        }

        if ((WrongIn(stored, seal) ?? WrongSignature(stored, envelope, seal)) is { } wrong)
        {
            return Changed(stored, wrong);
        }

        await _receipts.CheckAsync(stored, seal, cancellationToken);
        return seal;
    }

    private string? WrongIn(in StoredEvent stored, SealEvent seal) =>
        seal.Number != (ulong)stored.SequenceNumber ? $"it says that it is seal {seal.Number}"
        : seal.ToOrdering <= seal.AfterOrdering || seal.AfterOrdering < _toOrdering ? $"it says that it covers orderings {seal.AfterOrdering + 1} to {seal.ToOrdering}, and the one before it went up to {_toOrdering}"
        : stored.Ordering <= seal.ToOrdering ? $"it stands at ordering {stored.Ordering} and says that it covers rows up to {seal.ToOrdering}"
        : seal.Rows > SealLimits.Rows || seal.Chains > SealLimits.Chains ? $"it says that it covers {seal.Rows} rows of {seal.Chains} chains; no seal covers so many"
        : seal.TimeUs < (_previous?.TimeUs ?? 0) ? $"its time {SealRecord.TimeOf(seal):yyyy-MM-dd HH:mm:ss}Z is before that of the one before it"
        : seal.ChainCheck.Count != seal.Chains || seal.ChainFirst.Count != seal.Chains || seal.ChainRows.Count != seal.Chains || seal.RowCheck.Count != seal.Rows
            || seal.ChainRows.Sum(rows => (long)rows) != seal.Rows ? "its lists do not have the lengths that it says"
        : null;

    private string? WrongSignature(in StoredEvent stored, EventEnvelope envelope, SealEvent seal)
    {
        var previous = envelope.PreviousSha256.Span;
        if (previous.Length != (seal.Number == 1 ? 0 : Sha256Value.Octets) || !SealRecord.Message(seal, previous).AsSpan().SequenceEqual(stored.Message))
        {
            return "its envelope is not as the server wrote it";
        }

        if (stored.Created != SealRecord.TimeOf(seal) || stored.WriterUuid != seal.WriterUuid)
        {
            return "its columns created and writer_uuid are not those that were sealed";
        }

        if (options.Keys.Count == 0)
        {
            return null;
        }

        if (options.Keys.FirstOrDefault(key => key.KeyId == seal.KeyId) is not { } known)
        {
            var use = _otherKeys.TryGetValue(seal.KeyId, out var before) ? before : new KeyUse(stored.SequenceNumber, 0, 0, stored.Ordering);
            _otherKeys[seal.KeyId] = use with { Last = stored.SequenceNumber, Count = use.Count + 1 };
            return null;
        }

        return known.Verify(SealRecord.SignedOctets(seal, previous), seal.Signature.Span) ? null : $"its signature is not one of key {seal.KeyId} over what it says";
    }

    private SealEvent? Changed(in StoredEvent stored, string text)
    {
        findings.Add(new Finding(
            FindingKind.ChangedSeal, SealLimits.PersistenceId, stored.SequenceNumber, stored.Ordering, stored.Created,
            new SealInterval(LastNumber, _previousTime, 0, null), text));
        return null;
    }

    private sealed record KeyUse(long First, long Last, long Count, long Ordering);
}
