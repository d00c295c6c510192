using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Compares the rows between two seals with what the later one says of them. The root decides; the checks beside it say where.</summary>
internal sealed class WindowCheck(PlacedSeal placed, Findings findings)
{
    private readonly SealEvent _seal = placed.Seal;

    /// <returns>Rows that fit.</returns>
    public long Compare(ChainSpan[] spans, bool isOverfull)
    {
        var rows = new SealedRows(spans);
        if (!isOverfull && _seal.MerkleRoot.Span.SequenceEqual(rows.Root) && rows.Rows == _seal.Rows && rows.Chains.Count == _seal.Chains)
        {
            return rows.Rows;
        }

        var located = Locate(rows.Chains);
        if (isOverfull)
        {
            AddOfSeal($"more rows stand under it than a seal can cover ({SealLimits.Rows} rows, {SealLimits.Chains} chains): rows were put in");
        }
        else if (!located)
        {
            AddOfSeal("its root is not that of the rows that it covers, although each row passes its check: something was changed with much labour, or the seal is not for this journal");
        }

        return 0;
    }

    // By the check of the persistence id: both lists are in the order of the ids, which a removed or inserted chain does not disturb.
    private bool Locate(IReadOnlyList<ChainSpan> chains)
    {
        var sealedChains = Sealed();
        var found = false;
        foreach (var chain in chains)
        {
            var check = SealedRows.CheckOfChain(chain.Id);
            var at = sealedChains.FindIndex(candidate => candidate.Check == check);
            if (at < 0)
            {
                found = true;
                AddOfRow(FindingKind.InsertedEvent, chain, 0, $"the seal covers no event of this chain, and {chain.Rows.Length} are there");
                continue;
            }

            found |= Locate(chain, sealedChains[at]);
            sealedChains.RemoveAt(at);
        }

        foreach (var gone in sealedChains)
        {
            found = true;
            findings.Add(new Finding(
                FindingKind.RemovedEvent, Findings.Unnamed(gone.Check), gone.First, 0, null, placed.Interval,
                $"the seal covers {gone.RowChecks.Length} events of it from {gone.First} on, and none is there"));
        }

        return found;
    }

    private bool Locate(ChainSpan chain, SealedChain stated)
    {
        var rows = chain.Rows.Span;
        var last = stated.First + stated.RowChecks.Length - 1;
        var isThere = new bool[stated.RowChecks.Length];
        var found = false;
        for (var i = 0; i < rows.Length; i++)
        {
            var number = rows[i].SequenceNumber;
            if (number < stated.First || number > last || isThere[number - stated.First])
            {
                found = true;
                AddOfRow(FindingKind.InsertedEvent, chain, i, $"the seal covers events {stated.First} to {last} of this chain and not this one");
                continue;
            }

            isThere[number - stated.First] = true;
            if (SealedRows.CheckOfRow(chain, i) != stated.RowChecks[number - stated.First])
            {
                found = true;
                AddOfRow(FindingKind.ChangedEvent, chain, i, "the event or one of its columns (ordering, created, identifier, manifest, writer_uuid) is not as it was sealed");
            }
        }

        for (var i = 0; i < isThere.Length; i++)
        {
            if (!isThere[i])
            {
                found = true;
                findings.Add(new Finding(
                    FindingKind.RemovedEvent, chain.PersistenceId, stated.First + i, 0, null, placed.Interval, "it was sealed and is not there, or not between these seals"));
            }
        }

        return found;
    }

    private List<SealedChain> Sealed()
    {
        var chains = new List<SealedChain>(_seal.ChainCheck.Count);
        var row = 0;
        for (var i = 0; i < _seal.ChainCheck.Count; i++)
        {
            var checks = new uint[_seal.ChainRows[i]];
            for (var j = 0; j < checks.Length; j++)
            {
                checks[j] = _seal.RowCheck[row++];
            }

            chains.Add(new SealedChain(_seal.ChainCheck[i], (long)_seal.ChainFirst[i], checks));
        }

        return chains;
    }

    private void AddOfRow(FindingKind kind, ChainSpan chain, int row, string text) =>
        findings.Add(new Finding(kind, chain.PersistenceId, chain.Rows.Span[row].SequenceNumber, chain.Rows.Span[row].Ordering, null, placed.Interval, text), isSure: true);

    private void AddOfSeal(string text) =>
        findings.Add(new Finding(FindingKind.ChangedSeal, SealLimits.PersistenceId, (long)_seal.Number, 0, SealRecord.TimeOf(_seal), placed.Interval, text));

    private sealed record SealedChain(uint Check, long First, uint[] RowChecks);
}
