using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>Every kind of tampering, by direct SQL: found, and located.</summary>
public sealed class TamperingTests
{
    private readonly int _seed = Seed.Take();
    private readonly Random _random;

    public TamperingTests() => _random = new Random(_seed);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_nobody_touched_verifies_clean(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);

        var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], ReceiptsPath = proven.Receipts });

        AssertClean(report);
        Assert.Equal((proven.Rows.Count, 5L, 5UL, 41L), (report.Rows, report.Seals, report.LastSeal, report.RowsAfterLastSeal));
        Assert.Equal(report.Rows, report.SealedRows + report.RowsAfterLastSeal);
        Assert.Equal(SignatureCheck.Checked, report.Signatures);
        Assert.Empty(report.Notes);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_changed_byte_of_a_sealed_event(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: true, _random);
        await proven.PutMessageAsync(row, Spoilt(row.Message));

        var found = await FoundAsync(proven, FindingKind.ChangedEvent, row);

        // Which of two neighbours it was, the chain alone does not say; the seal does.
        Assert.Contains("sealed", found.Text, StringComparison.Ordinal);
        Assert.Equal(found.Between.After + 1, found.Between.Before);
        Assert.True(found.Between.BeforeTime is not null);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_changed_byte_of_an_event_that_is_not_sealed_yet(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: false, _random);
        await proven.PutMessageAsync(row, Spoilt(row.Message));

        await FoundAsync(proven, FindingKind.ChangedEvent, row);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Messages_of_two_events_exchanged(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: true, _random);
        var next = proven.Rows.First(other => other.PersistenceId == row.PersistenceId && other.SequenceNumber == row.SequenceNumber + 1);
        await proven.PutMessageAsync(row, next.Message);
        await proven.PutMessageAsync(next, row.Message);

        await FoundAsync(proven, FindingKind.ChangedEvent, row);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_removed_row(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: _random.Next(2) == 0, _random);
        await proven.ExecuteAsync($"DELETE FROM journal WHERE ordering = {row.Ordering}", $"DELETE FROM tags WHERE ordering_id = {row.Ordering}");

        await FoundAsync(proven, FindingKind.RemovedEvent, row);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_chain_that_was_removed_with_all_that_names_it(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: true, _random);
        await proven.ExecuteAsync(
            $"DELETE FROM journal WHERE persistence_id = '{row.PersistenceId}'", $"DELETE FROM tags WHERE persistence_id = '{row.PersistenceId}'", $"DELETE FROM live WHERE persistence_id = '{row.PersistenceId}'");

        var report = await proven.VerifyAsync();

        Assert.Contains(report.Findings, found => found.Kind == FindingKind.RemovedEvent && found.PersistenceId.Contains("check", StringComparison.Ordinal) && found.SequenceNumber == 1);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task All_rows_of_a_chain_under_one_seal(TestedJournal kind)
    {
        // The seal itself knows only the check of the id; the other rows of the chain name it.
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Rows[0];
        var seal = ProvenJournal.Seal(proven.Rows.First(other => other.PersistenceId == SealLimits.PersistenceId));
        await proven.ExecuteAsync($"DELETE FROM journal WHERE persistence_id = '{row.PersistenceId}' AND ordering <= {seal.ToOrdering}");

        Assert.Contains("covers", (await FoundAsync(proven, FindingKind.RemovedEvent, row)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_row_that_took_the_place_of_another(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var gone = proven.Middle(isSealed: true, _random);
        await proven.ExecuteAsync(
            $"DELETE FROM journal WHERE ordering = {gone.Ordering}",
            Insert(proven, gone with { PersistenceId = "call-forged", SequenceNumber = 1, Message = Unlinked(gone) }));

        await FoundAsync(proven, FindingKind.RemovedEvent, gone);
        await FoundAsync(proven, FindingKind.InsertedEvent, gone with { PersistenceId = "call-forged", SequenceNumber = 1 });
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_row_that_only_recovery_would_read(TestedJournal kind)
    {
        // Well linked to the end of its chain, with an ordering below all others: a reader that follows the journal never sees it.
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var last = proven.Rows.Last(row => row.PersistenceId.StartsWith("group-", StringComparison.Ordinal));
        var forged = last with { Ordering = -7, SequenceNumber = last.SequenceNumber + 1 };
        await proven.ExecuteAsync(Insert(proven, forged));

        await FoundAsync(proven, FindingKind.Column, forged);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Orderings_of_two_events_exchanged(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: true, _random);
        var next = proven.Rows.First(other => other.PersistenceId == row.PersistenceId && other.SequenceNumber == row.SequenceNumber + 1);
        await proven.ExecuteAsync(
            $"UPDATE journal SET ordering = -1 WHERE ordering = {row.Ordering}",
            $"UPDATE journal SET ordering = {row.Ordering} WHERE ordering = {next.Ordering}",
            $"UPDATE journal SET ordering = {next.Ordering} WHERE ordering = -1");

        await FoundAsync(proven, FindingKind.SwappedOrder, row);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_column_beside_the_message(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        string[] changes = ["created = created + 10000000", "writer_uuid = 'somebody'", "identifier = identifier + 1", "manifest = 'mcptt.event.2'", "tags = 'user:x'"];
        var rows = changes.Select(_ => proven.Middle(isSealed: true, _random)).ToList();
        for (var i = 0; i < changes.Length; i++)
        {
            await proven.ExecuteAsync($"UPDATE journal SET {changes[i]} WHERE ordering = {rows[i].Ordering}");
        }

        for (var i = 0; i < changes.Length; i++)
        {
            await FoundAsync(proven, i == changes.Length - 1 ? FindingKind.Column : FindingKind.ChangedEvent, rows[i]);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_row_hidden_as_deleted(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var row = proven.Middle(isSealed: true, _random);
        await proven.ExecuteAsync($"UPDATE journal SET deleted = {proven.Flag(true)} WHERE ordering = {row.Ordering}");

        await FoundAsync(proven, FindingKind.RemovedEvent, row);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Tags_removed_changed_and_added(TestedJournal kind)
    {
        await using var proven = await ProvenJournal.CreateAsync(kind, _random);
        var rows = proven.Rows.Where(row => row.PersistenceId != SealLimits.PersistenceId).ToList();
        var (one, two, three) = (rows[10], rows[150], rows[^1]);
        await proven.ExecuteAsync(
            $"DELETE FROM tags WHERE ordering_id = {one.Ordering}",
            $"UPDATE tags SET sequence_nr = sequence_nr + 1 WHERE ordering_id = {two.Ordering}",
            $"INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr) VALUES ({three.Ordering}, 'user:sip:mallory@example.org', '{three.PersistenceId}', {three.SequenceNumber})");

        Assert.Contains("missing", (await FoundAsync(proven, FindingKind.Tag, one)).Text, StringComparison.Ordinal);
        await FoundAsync(proven, FindingKind.Tag, two);
        Assert.Contains("mallory", (await FoundAsync(proven, FindingKind.Tag, three)).Text, StringComparison.Ordinal);
    }

    private static void AssertClean(VerifyReport report) => Assert.True(report.IsClean, string.Join('\n', report.Findings));

    private static byte[] Unlinked(in StoredEvent row)
    {
        var envelope = Protocol.Messages.EventEnvelope.Parser.ParseFrom(row.Message);
        envelope.PreviousSha256 = Google.Protobuf.ByteString.Empty;
        (envelope.Index, envelope.Count) = (0, 1);
        return Google.Protobuf.MessageExtensions.ToByteArray(envelope);
    }

    private static string Insert(ProvenJournal proven, in StoredEvent row) =>
        "INSERT INTO journal (ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) "
        + $"VALUES ({row.Ordering}, {proven.Flag(false)}, '{row.PersistenceId}', {row.SequenceNumber}, {row.Created.UtcTicks}, {proven.Blob(row.Message)}, "
        + $"{JournalFormat.SerializerId}, '{row.Manifest}', '{row.WriterUuid}')";

    private byte[] Spoilt(byte[] message)
    {
        var spoilt = (byte[])message.Clone();
        spoilt[_random.Next(spoilt.Length)] ^= (byte)(1 << _random.Next(8));
        return spoilt;
    }

    private async Task<Finding> FoundAsync(ProvenJournal proven, FindingKind kind, StoredEvent row)
    {
        var report = await proven.VerifyAsync();
        var found = report.Findings.Where(finding => finding.Kind == kind && finding.PersistenceId == row.PersistenceId && finding.SequenceNumber == row.SequenceNumber).ToList();
        Assert.True(found.Count > 0, $"seed {_seed}: no {kind} at {row.PersistenceId} {row.SequenceNumber} (ordering {row.Ordering}) among\n{string.Join('\n', report.Findings)}");
        return found.MaxBy(finding => finding.Text.Contains("sealed", StringComparison.Ordinal))!;
    }
}
