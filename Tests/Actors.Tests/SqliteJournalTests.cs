using System.Text;
using Mcptt.Actors.Journals;
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
