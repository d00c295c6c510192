using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>What is done to seals, and to the end of the journal, where no seal is yet.</summary>
public sealed class SealTamperingTests
{
    private readonly int _seed = Seed.Take();
    private readonly Random _random;

    public SealTamperingTests() => _random = new Random(_seed);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_tail_cut_off_after_the_last_seal_leaves_what_points_to_it(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var gone = proven.Rows[^1];
        await proven.ExecuteAsync($"DELETE FROM journal WHERE ordering > {Seals(proven)[^1].Ordering}");

        var report = await proven.VerifyAsync();

        Assert.Contains(report.Findings, found => found.Kind == FindingKind.CutOff && found.Text.Contains("live mark", StringComparison.Ordinal));
        Assert.Contains(report.Findings, found => found.Kind == FindingKind.CutOff && found.Text.Contains("snapshot", StringComparison.Ordinal));
        Assert.Contains(report.Findings, found => found.Kind == FindingKind.CutOff && found.Ordering == gone.Ordering && found.PersistenceId == gone.PersistenceId && found.SequenceNumber == gone.SequenceNumber);
        Assert.Equal(kind == TestedJournal.Sqlite, report.Findings.Any(found => found.Text.Contains("orderings", StringComparison.Ordinal)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_tail_cut_off_with_its_seals_and_every_trace_is_found_by_the_receipts_alone(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var from = Seals(proven)[^2].Ordering;
        await proven.ExecuteAsync(
            $"DELETE FROM journal WHERE ordering > {from}", $"DELETE FROM tags WHERE ordering_id > {from}", "DELETE FROM live", "DELETE FROM snapshot");
        if (kind == TestedJournal.Sqlite)
        {
            await proven.ExecuteAsync($"UPDATE sqlite_sequence SET seq = {from} WHERE name = 'journal'");
        }

        // The last command of a chain may be cut in two; else nothing of it is in the database.
        Assert.DoesNotContain((await proven.VerifyAsync()).Findings, found => found.Kind != FindingKind.CutOff);
        var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], ReceiptsPath = proven.Receipts });

        var receipt = Assert.Single(report.Findings, found => found.Kind == FindingKind.Receipt);
        Assert.Equal(5, receipt.SequenceNumber);
        Assert.Contains("ends with seal 4", receipt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Any_octet_of_any_seal(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        foreach (var row in Seals(proven))
        {
            var spoilt = (byte[])row.Message.Clone();
            spoilt[_random.Next(spoilt.Length)] ^= (byte)(1 << _random.Next(8));
            await proven.PutMessageAsync(row, spoilt);

            // An octet of the key's name makes it another key's seal.
            var report = await proven.VerifyAsync();
            Assert.True(
                report.Findings.Any(found => found.Kind is FindingKind.ChangedSeal or FindingKind.WrongKey && found.SequenceNumber == row.SequenceNumber),
                $"seed {_seed}: seal {row.SequenceNumber} is not among\n{string.Join('\n', report.Findings)}");
            await proven.PutMessageAsync(row, row.Message);
        }

        Assert.True((await proven.VerifyAsync()).IsClean);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Columns_of_the_last_seal_which_no_later_one_covers(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var last = Seals(proven)[^1];
        foreach (var change in (string[])["created = created + 1", "writer_uuid = 'x'", "manifest = 'x'", "identifier = 1"])
        {
            await proven.ExecuteAsync($"UPDATE journal SET {change} WHERE ordering = {last.Ordering}");
            var report = await proven.VerifyAsync();
            Assert.True(report.Findings.Any(found => found.PersistenceId == SealLimits.PersistenceId && found.SequenceNumber == last.SequenceNumber), $"{change}: {string.Join('\n', report.Findings)}");
            await proven.ExecuteAsync(
                $"UPDATE journal SET created = {last.Created.UtcTicks}, writer_uuid = '{last.WriterUuid}', manifest = '{last.Manifest}', identifier = {last.Identifier} WHERE ordering = {last.Ordering}");
        }

        Assert.True((await proven.VerifyAsync()).IsClean);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_seal_removed(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        await proven.ExecuteAsync($"DELETE FROM journal WHERE ordering = {Seals(proven)[2].Ordering}");

        await FoundAsync(proven, FindingKind.RemovedSeal, 3);
        Assert.Contains((await proven.VerifyAsync()).Findings, found => found.Kind == FindingKind.RemovedEvent && found.PersistenceId == SealLimits.PersistenceId && found.SequenceNumber == 3);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Every_seal_removed(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        await proven.ExecuteAsync($"DELETE FROM journal WHERE persistence_id = '{SealLimits.PersistenceId}'");

        var report = await proven.VerifyAsync();

        Assert.Equal(SignatureCheck.NoSeals, report.Signatures);
        Assert.Contains(report.Findings, found => found.Kind == FindingKind.RemovedSeal);
        Assert.Equal(SignatureCheck.NoSeals, (await proven.VerifyAsync(new VerifyOptions())).Signatures);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_history_written_anew_and_sealed_with_another_key(TestedJournal kind)
    {
        // Somebody who can write to the database and knows this program, but has not the key: only key and receipts betray him.
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        using var forger = SealKey.Create();
        await ResealAsync(proven, forger);

        var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], ReceiptsPath = proven.Receipts });

        var wrong = Assert.Single(report.Findings, found => found.Kind == FindingKind.WrongKey);
        Assert.Contains(forger.KeyId, wrong.Text, StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3, 4, 5], report.Findings.Where(found => found.Kind == FindingKind.Receipt).Select(found => found.SequenceNumber));
        Assert.Equal(6, report.FindingCount);

        Assert.True((await proven.VerifyAsync(new VerifyOptions { Keys = [forger.Public] })).IsClean);
        Assert.True((await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public, forger.Public] })).IsClean);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_wrong_key_is_told_once_for_all_seals(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        using var other = SealKey.Create();

        var report = await proven.VerifyAsync(new VerifyOptions { Keys = [other.Public] });

        var wrong = Assert.Single(report.Findings);
        Assert.Equal(FindingKind.WrongKey, wrong.Kind);
        Assert.Contains("5 seals, 1 to 5", wrong.Text, StringComparison.Ordinal);
    }

    private static List<StoredEvent> Seals(ProvenJournal proven) => [.. proven.Rows.Where(row => row.PersistenceId == SealLimits.PersistenceId)];

    // Each seal again over the same rows, with the other key and linked to the forged one before it.
    private static async Task ResealAsync(ProvenJournal proven, SealKey forger)
    {
        byte[] previous = [];
        SealEvent? before = null;
        var rows = proven.Rows.ToDictionary(row => row.Ordering);
        foreach (var row in Seals(proven))
        {
            var window = new SealWindow();
            var old = ProvenJournal.Seal(row);
            foreach (var covered in rows.Values.Where(covered => covered.Ordering > old.AfterOrdering && covered.Ordering <= old.ToOrdering).OrderBy(covered => covered.Ordering))
            {
                window.TryAdd(covered, SHA256.HashData(covered.Message));
            }

            var seal = new SealedRows(window.Close()).ToSeal();
            (seal.Number, seal.AfterOrdering, seal.ToOrdering, seal.TimeUs, seal.WriterUuid) = (old.Number, before?.ToOrdering ?? 0, old.ToOrdering, old.TimeUs, old.WriterUuid);
            (seal.Algorithm, seal.KeyId) = (old.Algorithm, forger.KeyId);
            seal.Signature = ByteString.CopyFrom(forger.Sign(SealRecord.SignedOctets(seal, previous)));
            var message = SealRecord.Message(seal, previous);
            await proven.PutMessageAsync(row, message);
            rows[row.Ordering] = row with { Message = message };
            (previous, before) = (SHA256.HashData(message), seal);
        }
    }

    private async Task FoundAsync(ProvenJournal proven, FindingKind kind, long number)
    {
        var report = await proven.VerifyAsync();
        Assert.True(
            report.Findings.Any(found => found.Kind == kind && found.PersistenceId == SealLimits.PersistenceId && found.SequenceNumber == number),
            $"seed {_seed}: no {kind} at seal {number} among\n{string.Join('\n', report.Findings)}");
    }
}
