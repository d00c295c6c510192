using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Tests.Journals;

public sealed class SqliteTablesTests : IDisposable
{
    private static readonly JournalMigration Second = new(2, "a column", "ALTER TABLE live ADD COLUMN extra INTEGER DEFAULT 7");
    private static readonly JournalMigration Broken = new(3, "broken", "ALTER TABLE live ADD COLUMN more INTEGER; SELECT nothing FROM nowhere");

    private readonly TemporaryFolder _folder = new();

    private SqliteJournalOptions Options => new() { Path = _folder.File("journal.db") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Older_tables_are_brought_up_step_by_step_and_a_step_that_fails_changes_nothing()
    {
        Assert.Single(await new SqliteTables(Options).MigrateAsync(default));
        var newer = new SqliteTables(Options, [.. SqliteMigrations.All, Second]);
        Assert.Equal([Second], await newer.ReadPendingAsync(default));
        Assert.Equal([Second], await newer.MigrateAsync(default));
        Assert.Empty(await newer.MigrateAsync(default));

        await Assert.ThrowsAsync<JournalOpenException>(async () => await new SqliteTables(Options, [.. SqliteMigrations.All, Second, Broken]).MigrateAsync(default));

        using var file = SqliteDatabase.Open(Options.Path, create: false);
        Assert.Equal(2, file.Number("PRAGMA user_version"));
        Assert.Equal(4, file.Number("SELECT count(*) FROM pragma_table_info('live')"));
    }

    [Fact]
    public async Task Of_many_that_make_the_tables_at_once_one_does_it()
    {
        // Many times: rarely one finds another at changing the mode of the journal.
        for (var round = 0; round < 30; round++)
        {
            var options = Options with { Path = $"{Options.Path}.{round}" };
            var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await new SqliteTables(options).MigrateAsync(default))));

            Assert.Equal(5, done.Count(steps => steps.Count == 0));
        }
    }

    [Fact]
    public async Task The_status_tells_what_is_there()
    {
        await using var journal = await SqliteJournalTests.OpenAsync(Options);
        await journal.AppendAsync(new JournalAppend("ue-a", [new JournalRow(1, [1], []), new JournalRow(2, [2], [])], DateTimeOffset.UnixEpoch, "w", new LiveMark(0, 0)));

        var status = await new SqliteTables(Options).ReadStatusAsync(default);

        Assert.Equal((1, 1, 2L, 1L, 0L, 2L), (status.Version, status.Newest, status.Events, status.Live, status.Snapshots, status.LastOrdering));
        Assert.Equal(DateTimeOffset.UnixEpoch, status.LastWritten);
        Assert.True(status.Bytes > 0);
    }
}
