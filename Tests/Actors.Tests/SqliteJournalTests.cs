using System.Text;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_have_the_columns_of_the_Akka_mapping_and_come_back_in_their_order()
    {
        await using (var journal = await OpenAsync())
        {
            Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1, "one", "two"))).Outcome);
            Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-b", 1, "three"))).Outcome);
        }

        using var file = SqliteDatabase.Open(Path, create: false);
        using var rows = file.Prepare(
            "SELECT ordering, deleted, persistence_id, sequence_number, created, tags, message, identifier, manifest, writer_uuid FROM journal ORDER BY ordering");
        Assert.True(rows.Step());
        Assert.Equal((1L, 0L, "ue-a", 1L), (rows.Number(0), rows.Number(1), rows.Text(2), rows.Number(3)));
        Assert.Equal(DateTimeOffset.UnixEpoch.UtcTicks, rows.Number(4));
        Assert.Equal(("", "one"), (rows.Text(5), Encoding.UTF8.GetString(rows.Bytes(6))));
        Assert.Equal((24379L, "mcptt.event.1", "writer"), (rows.Number(7), rows.Text(8), rows.Text(9)));

        await using var again = await OpenAsync();
        Assert.Equal(["one", "two", "three"], await Texts(again.ReadAllAsync(0, default)));
        Assert.Equal(["two"], await Texts(again.ReadActorAsync("ue-a", 2, default)));
        Assert.Equal(["two", "three"], await Texts(again.ReadTagAsync("tag", 1, default)));
        Assert.Equal(3, await again.ReadLastOrderingAsync(default));
    }

    [Fact]
    public async Task An_append_whose_number_is_taken_writes_nothing_and_harms_no_other()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-a", 1, "one"));

        var results = await Task.WhenAll(
            journal.AppendAsync(Append("ue-b", 1, "good")).AsTask(),
            journal.AppendAsync(Append("ue-a", 1, "taken", "too")).AsTask(),
            journal.AppendAsync(Append("ue-c", 1, "good")).AsTask());

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Occupied, AppendOutcome.Written], results.Select(result => result.Outcome));
        Assert.Equal(["one", "good", "good"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [Fact]
    public async Task An_append_of_which_a_later_number_is_taken_leaves_none_of_its_rows()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-a", 2, "hole before it"));

        var results = await Task.WhenAll(
            journal.AppendAsync(Append("ue-b", 1, "good")).AsTask(),
            journal.AppendAsync(Append("ue-a", 1, "free", "taken")).AsTask());

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Occupied], results.Select(result => result.Outcome));
        Assert.Equal(["hole before it", "good"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [Fact]
    public async Task Long_histories_and_many_actors_are_read_page_by_page()
    {
        const int actors = 1_203;
        await using var journal = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, actors).Select(i => journal.AppendAsync(Append($"ue-{i:D5}", 1, "x", "y") with { Live = new LiveMark(0, i) }).AsTask()));

        Assert.Equal(2 * actors, await journal.ReadAllAsync(0, default).CountAsync());
        Assert.Equal(2 * actors, await journal.ReadTagAsync("tag", 0, default).CountAsync());
        Assert.Equal(actors, await journal.ReadLiveAsync("", "", default).CountAsync());
        Assert.Equal(1_000, await journal.ReadPersistenceIdsAsync("ue-", "ue-00202", default).CountAsync());
        Assert.Equal(0, await journal.ReadPersistenceIdsAsync("call-", "", default).CountAsync());
        Assert.Equal(["00203", "00204"], await new JournalActorCatalog(journal).ListAsync(ActorKindName.Ue, Domain.Ports.ActorScope.Known, "00202", 2, default));
        Assert.Equal(["01202"], await new JournalActorCatalog(journal).ListAsync(ActorKindName.Ue, Domain.Ports.ActorScope.Live, "01201", 2, default));
    }

    [Fact]
    public async Task Only_the_latest_snapshot_is_kept()
    {
        await using var journal = await OpenAsync();
        journal.TryPost(new SnapshotNote("ue-a", 5, [5], DateTimeOffset.UnixEpoch));
        journal.TryPost(new SnapshotNote("ue-a", 9, [9], DateTimeOffset.UnixEpoch));
        journal.TryPost(new LiveNote("ue-a", new LiveMark(9, 77)));
        await journal.FlushAsync();

        var start = await journal.ReadStartAsync("ue-a", default);

        Assert.Equal((9L, 9), (start.Snapshot!.Value.SequenceNumber, start.Snapshot.Value.Snapshot[0]));
        Assert.Equal(new LiveMark(9, 77), start.Live);
        using var file = SqliteDatabase.Open(Path, create: false);
        Assert.Equal(1, file.Number("SELECT count(*) FROM snapshot"));
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused_and_says_so()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("PRAGMA user_version=7");

        var failure = await Assert.ThrowsAsync<JournalOpenException>(async () => await OpenAsync());

        Assert.Contains("version 7", failure.Message);
        Assert.Contains(Path, failure.Message);
    }

    [Fact]
    public async Task Another_programs_file_and_a_file_that_is_no_database_are_refused()
    {
        Execute("CREATE TABLE theirs (x)", create: true);
        var theirs = await Assert.ThrowsAsync<JournalOpenException>(async () => await OpenAsync());
        Assert.Contains("another program", theirs.Message);

        File.WriteAllText(Path, new string('x', 5_000));
        var text = await Assert.ThrowsAsync<JournalOpenException>(async () => await OpenAsync());
        Assert.Contains("not a SQLite file", text.Message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");

        var failure = await Assert.ThrowsAsync<JournalOpenException>(
            async () => await OpenAsync(new SqliteJournalOptions { Path = _folder.File("file/journal.db") }));

        Assert.Contains("file/journal.db", failure.Message);
    }

    [Fact]
    public async Task While_another_process_holds_the_lock_appends_fail_and_then_succeed_by_themselves()
    {
        await using var journal = await OpenAsync(Options() with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using (var other = SqliteDatabase.Open(Path, create: false))
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.Equal(AppendOutcome.Failed, (await journal.AppendAsync(Append("ue-a", 1, "one"))).Outcome);
            other.Execute("ROLLBACK");
        }

        Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1, "again"))).Outcome);
        Assert.Equal(["again"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [Fact]
    public async Task A_full_journal_refuses_what_waits_beyond_its_bound()
    {
        await using var journal = await OpenAsync(Options() with { QueueLimit = 2 });
        using var other = SqliteDatabase.Open(Path, create: false);
        other.Execute("BEGIN IMMEDIATE");
        var appends = Enumerable.Range(0, 8).Select(i => Task.Run(() => journal.AppendAsync(Append($"ue-{i}", 1, "x")).AsTask())).ToList();

        // One waits for the lock, two wait for the writer: five are refused at once.
        await Ledger.Node.UntilAsync(() => appends.Count(append => append.IsCompleted) >= 5, "five that were refused");
        other.Execute("ROLLBACK");

        var results = await Task.WhenAll(appends);
        Assert.Equal(await journal.ReadAllAsync(0, default).CountAsync(), results.Count(result => result.Outcome == AppendOutcome.Written));
        Assert.Contains(results, result => result.Outcome == AppendOutcome.Overloaded);
    }

    [Fact]
    public async Task Appends_of_a_closed_journal_are_refused()
    {
        var journal = await OpenAsync();
        await journal.DisposeAsync();

        Assert.NotEqual(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1, "late"))).Outcome);
    }

    internal static async Task<SqliteJournal> OpenAsync(SqliteJournalOptions options)
    {
        var journal = new SqliteJournal(options, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(CancellationToken.None);
        return journal;
    }

    private static JournalAppend Append(string persistenceId, long first, params string[] texts) =>
        new(persistenceId, [.. texts.Select((text, i) => new JournalRow(first + i, Encoding.UTF8.GetBytes(text), ["tag"]))], DateTimeOffset.UnixEpoch, "writer", null);

    private static async Task<List<string>> Texts(IAsyncEnumerable<StoredEvent> events) =>
        await events.Select(stored => Encoding.UTF8.GetString(stored.Message)).ToListAsync();

    private SqliteJournalOptions Options() => new() { Path = Path };

    private Task<SqliteJournal> OpenAsync() => OpenAsync(Options());

    private void Execute(string sql, bool create = false)
    {
        using var database = SqliteDatabase.Open(Path, create);
        database.Execute(sql);
    }
}
