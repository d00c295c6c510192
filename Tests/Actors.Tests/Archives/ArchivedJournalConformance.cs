using Mcptt.Testing.Postgres;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Testing;
using Xunit.Abstractions;

namespace Mcptt.Actors.Tests.Archives;

public abstract class ArchivedJournalConformance(ITestOutputHelper output) : ArchiveConformance
{
    [SuiteFact]
    public async Task Whatever_is_archived_whenever_readers_see_exactly_what_an_unarchived_twin_shows()
    {
        var seed = Seed.Take();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var scene = await SceneAsync(random);
        var moved = 0L;
        for (var round = 0; round < 4; round++)
        {
            await scene.Workload.WriteAsync(random.Next(10, 40));
            var twin = await Reading.RowsAsync(scene.Composite);
            moved += (await scene.ArchiveAsync(TimeSpan.FromSeconds(random.Next(200)))).Calls;

            await Reading.AssertSameAsync(twin, scene.Composite, random);
        }

        // The last of them stands behind nothing that is younger.
        Assert.True(moved > 10, $"{moved} calls were moved");
        Assert.True((await Reading.RowsAsync(scene.Journal)).Count < (await Reading.RowsAsync(scene.Composite)).Count);
    }

    [SuiteFact]
    public async Task Whoever_reads_while_rows_are_moved_misses_none_and_sees_none_twice()
    {
        var seed = Seed.Take();
        output.WriteLine($"seed {seed}");
        await using var scene = await SceneAsync(new Random(seed));
        await scene.Workload.WriteAsync(120);
        var expected = await Reading.AllAsync(scene.Composite);
        var id = $"call-{scene.Workload.Ended[0]}";
        var history = await scene.Composite.ReadActorAsync(id, 1, default).Select(Reading.Text).ToListAsync();

        var archiving = Task.Run(() => scene.ArchiveAsync());
        var composite = scene.Composite;
        var reads = 0;
        do
        {
            Assert.Equal(expected, await Reading.AllAsync(composite));
            Assert.Equal(history, await composite.ReadActorAsync(id, 1, default).Select(Reading.Text).ToListAsync());
            reads++;
        }
        while (!archiving.IsCompleted);

        Assert.Equal(scene.Workload.Ended.Count, (await archiving).Calls);
        output.WriteLine($"{reads} reads meanwhile");
    }

    [SuiteFact]
    public async Task A_file_that_comes_between_two_pages_is_seen()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(150);
        var expected = await Reading.AllAsync(scene.Composite);
        await using var rows = scene.Composite.ReadAllAsync(0, default).GetAsyncEnumerator();
        List<string> seen = [];
        for (var i = 0; i < 10 && await rows.MoveNextAsync(); i++)
        {
            seen.Add(Reading.Text(rows.Current));
        }

        await scene.ArchiveAsync();
        while (await rows.MoveNextAsync())
        {
            if (rows.Current.PersistenceId != ArchiveChain.PersistenceId)
            {
                seen.Add(Reading.Text(rows.Current));
            }
        }

        Assert.True(expected.Count > 1_000, "more than one page");
        Assert.Equal(expected, seen);
    }

    [SuiteFact]
    public async Task A_file_that_the_journal_names_and_the_folder_lacks_is_told_and_when_it_is_back_all_is_well()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(20);
        var expected = await Reading.AllAsync(scene.Composite);
        var report = await scene.ArchiveAsync();
        var path = Path.Combine(scene.Folder, report.Files[1]);
        File.Move(path, path + ".away");

        var missing = Assert.Single(await scene.Composite.ReadMissingAsync(default));
        Assert.Equal(report.Files[1], missing.File);
        Assert.Equal((ulong)(expected.Count - (await Reading.AllAsync(scene.Composite)).Count), missing.Rows);

        File.Move(path + ".away", path);
        Assert.Empty(await scene.Composite.ReadMissingAsync(default));
        Assert.Equal(expected, await Reading.AllAsync(scene.Composite));
    }

    [SuiteFact]
    public async Task A_damaged_archive_ends_the_reading_with_its_name_and_place()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(20);
        var report = await scene.ArchiveAsync();
        var path = Path.Combine(scene.Folder, report.Files[0]);
        var bytes = File.ReadAllBytes(path);
        bytes[300] ^= 1;
        File.WriteAllBytes(path, bytes);

        var failure = await Assert.ThrowsAsync<JournalReadException>(() => Reading.AllAsync(scene.Composite));
        Assert.Contains(report.Files[0], failure.Message);
        Assert.Contains("block at byte", failure.Message);
    }
}

public sealed class SqliteArchivedJournalTests(ITestOutputHelper output) : ArchivedJournalConformance(output)
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);
}

public sealed class PostgresArchivedJournalTests(ITestOutputHelper output) : ArchivedJournalConformance(output)
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => PostgresAsync();
}
