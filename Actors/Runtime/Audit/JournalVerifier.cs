using System.Globalization;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Shows that a journal is as the server wrote it, or finds what was changed, and where. It reads the journal once in the order of its orderings,
/// page by page, and holds one head per chain and the rows since the last seal (see <see cref="VerifyOptions"/> for the bounds).
/// </summary>
public sealed class JournalVerifier(IJournalReader journal, IJournalEvidence? evidence, VerifyOptions options)
{
    /// <summary>Rows between two words on how far it has come.</summary>
    private const int ProgressRows = 4_096;

    private readonly Findings _findings = new(options.FindingLimit);
    private readonly List<string> _notes = [];
    private long _rows;
    private long _lastOrdering;
    private long _rowsAfterLastSeal;
    private readonly List<OrderingGap> _gaps = [];
    private PlacedSeal? _toldGapBefore;

    /// <summary>Throws <see cref="JournalReadException"/> and <see cref="VerifyRefusedException"/>. Once per verifier.</summary>
    public async Task<VerifyReport> VerifyAsync(IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        // Before the rows: what was drawn now and is a row must be seen by then.
        var orderings = evidence is null ? default : await evidence.ReadOrderingsAsync(cancellationToken);
        await using var seals = new SealCursor(journal, options, _findings);
        var start = await new VerifyStart(journal, options).FindAsync(seals, cancellationToken);
        var hash = new KeyedHash();
        var lanes = Enumerable.Range(0, Math.Max(1, options.Lanes))
            .Select(_ => new ChainLane(Math.Max(1, options.ChainLimit / Math.Max(1, options.Lanes)), _findings, hash, start.IsStart)).ToList();
        var check = new EvidenceCheck(journal, evidence, _findings);
        long sealedRows = 0;
        var passes = 0;
        for (var more = true; more;)
        {
            passes++;
            var pool = new LanePool(lanes, passes == 1, _findings);
            try
            {
                await ReadAsync(pool, passes, start, passes == 1 ? seals : null, orderings, progress, cancellationToken);
            }
            catch
            {
                await pool.AbandonAsync();
                throw;
            }

            sealedRows += pool.SealedRows;
            lanes.ForEach(lane => lane.Count());
            _findings.Name(lanes.SelectMany(lane => lane.Chains.Heads).Select(head => head.Key));
            if (!start.IsCut)
            {
                lanes.ForEach(lane => lane.CheckEnds());
                await check.PointersAsync(lanes, cancellationToken);
            }

            var left = lanes.Count(lane => lane.Chains.TryNext());
            more = left > 0;
        }

        await check.TagsAsync(lanes, hash, start, _lastOrdering, cancellationToken);
        if (!start.IsCut)
        {
            await check.OrderingsAsync(orderings, _gaps, _lastOrdering, cancellationToken);
        }

        return Report(seals, lanes, sealedRows, passes);
    }

    private async Task ReadAsync(
        LanePool pool, int pass, VerifyStart.Place start, SealCursor? seals, OrderingEvidence orderings, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        var end = Math.Min(start.To, await journal.ReadLastOrderingAsync(cancellationToken));
        var current = seals is null ? null : await seals.NextAsync(cancellationToken);
        var interval = current?.Interval ?? SealInterval.None;
        var position = start.After;
        var wasUnderSeal = false;
        long rows = 0;
        for (var more = true; more;)
        {
            more = false;
            await foreach (var stored in journal.ReadAllAsync(position, cancellationToken))
            {
                if (stored.Ordering > start.To)
                {
                    break;
                }

                while (current is not null && stored.Ordering > current.To)
                {
                    await pool.CloseAsync(current);
                    current = await seals!.NextAsync(cancellationToken);
                    interval = current?.Interval ?? new SealInterval(seals.LastNumber, seals.LastTime, 0, null);
                }

                var isUnderSeal = current is not null && stored.Ordering > current.After;
                if (isUnderSeal != wasUnderSeal)
                {
                    // The rows of a batch share one answer.
                    await pool.FlushAsync();
                    wasUnderSeal = isUnderSeal;
                }

                if (seals is not null && !isUnderSeal)
                {
                    NoteUnsealed(stored, current, seals, interval, position, orderings);
                }

                await pool.AddAsync(stored, interval, isUnderSeal);
                position = stored.Ordering;
                more = true;
                if (++rows % ProgressRows == 0)
                {
                    progress?.Report(new VerifyProgress(pass, position, end, rows));
                }
            }

            // The server may have sealed, meanwhile, rows that it wrote after they were read: they are read before they are missed.
            if (current is null)
            {
                break;
            }

            if (!more && current.To <= start.To)
            {
                await pool.CloseAsync(current);
                current = await seals!.NextAsync(cancellationToken);
                more = current is not null;
            }
        }

        await pool.EndAsync();
        if (seals is not null)
        {
            (_rows, _lastOrdering) = (rows, rows == 0 ? 0 : position);
            if (!start.IsCut)
            {
                await seals.EndAsync(cancellationToken);
            }
        }

        progress?.Report(new VerifyProgress(pass, end, end, rows));
    }

    // Rows that no seal covers, and gaps among them.
    private void NoteUnsealed(in StoredEvent stored, PlacedSeal? current, SealCursor seals, SealInterval interval, long before, OrderingEvidence orderings)
    {
        if (current is not null)
        {
            if (_toldGapBefore != current)
            {
                _toldGapBefore = current;
                _findings.Add(new Finding(
                    FindingKind.RemovedSeal, SealLimits.PersistenceId, (long)interval.After + 1, 0, null, interval,
                    $"no good seal covers the rows after seal {interval.After} with orderings up to {current.After}: these are proven by their chains only"));
            }

            return;
        }

        _rowsAfterLastSeal++;
        before = Math.Max(before, 0);
        if (orderings.IsGapless && stored.Ordering > before + 1 && before >= seals.ToOrdering && _gaps.Count < options.FindingLimit)
        {
            _gaps.Add(new OrderingGap(before + 1, stored.Ordering - 1, interval));
        }
    }

    private VerifyReport Report(SealCursor seals, List<ChainLane> lanes, long sealedRows, int passes)
    {
        var check = seals.Count == 0 ? SignatureCheck.NoSeals : options.Keys.Count == 0 ? SignatureCheck.NoKey : SignatureCheck.Checked;
        if (seals.Count == 0 && options.Keys.Count > 0)
        {
            _findings.Add(new Finding(
                FindingKind.RemovedSeal, SealLimits.PersistenceId, 1, 0, null, SealInterval.None, "a key was named, and the journal has no seal: it was never sealed, or all seals were removed"));
        }

        if (evidence is null)
        {
            _notes.Add("tags, snapshots and live marks were not looked at: this journal cannot be asked for them");
        }

        if (seals.BadReceiptLines > 0)
        {
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{seals.BadReceiptLines} of {seals.ReceiptLines} lines are no receipts and were passed over"));
        }

        return new VerifyReport
        {
            Rows = _rows,
            Chains = lanes.Sum(lane => lane.ChainCount),
            LastOrdering = _lastOrdering,
            Seals = seals.Count,
            SealedRows = sealedRows,
            RowsAfterLastSeal = _rowsAfterLastSeal,
            LastSeal = seals.LastNumber,
            LastSealTime = seals.LastTime,
            Signatures = check,
            Passes = passes,
            Findings = _findings.ToList(),
            FindingCount = _findings.Count,
            Notes = _notes,
        };
    }
}
