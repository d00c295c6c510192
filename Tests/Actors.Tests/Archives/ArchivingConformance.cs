using Mcptt.Testing.Postgres;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Xunit.Abstractions;

namespace Mcptt.Actors.Tests.Archives;

public abstract class ArchivingConformance(ITestOutputHelper output) : ArchiveConformance
{
    [SuiteFact]
    public async Task Only_whole_calls_that_have_ended_and_are_old_enough_are_moved_with_their_floors()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(60);
        var old = scene.Workload.Ended.ToList();
        var unfinished = scene.Workload.Unfinished.ToList();
        var limit = scene.Clock.GetUtcNow();
        scene.Clock.Advance(TimeSpan.FromHours(1));
        await scene.Workload.WriteAsync(20);
        var twin = await Reading.RowsAsync(scene.Journal);

        var report = await scene.ArchiveAsync(scene.Clock.GetUtcNow() - limit);

        Assert.Equal(old.Count, report.Calls);
        var left = (await Reading.RowsAsync(scene.Journal)).Select(row => row.PersistenceId).ToHashSet();
        string[] gone = [.. old.Select(id => "call-" + id), .. old.Select(id => "floor-" + id)];
        Assert.Empty(left.Intersect(gone));
        Assert.Equal(twin.Select(row => row.PersistenceId).Distinct().Except(gone).Order(), left.Order());
        Assert.All(unfinished, id => Assert.Contains("call-" + id, left));
        Assert.Equal(twin.Count(row => gone.Contains(row.PersistenceId)), report.Rows);
        Assert.Equal(0, (await scene.ArchiveAsync(TimeSpan.FromHours(1) + (scene.Clock.GetUtcNow() - limit))).Calls);
    }

    [SuiteFact]
    public async Task A_call_stays_while_a_recording_of_it_is_kept()
    {
        await using var scene = await SceneAsync();
        var id = await scene.Workload.WriteRecordedAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var kept = await scene.Archiver(scene.Options()).RunAsync(null, default);
        await scene.Workload.DropRecordingsAsync(id);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var moved = await scene.Archiver(scene.Options()).RunAsync(null, default);

        Assert.Equal((0, 1), (kept.Calls, kept.Recorded));
        Assert.Equal((1, 0), (moved.Calls, moved.Recorded));
    }

    [SuiteFact]
    public async Task The_chain_names_each_file_with_its_hash_and_each_file_verifies()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(60);

        var report = await scene.ArchiveAsync();

        Assert.True(report.Files.Count > 3);
        var chain = await ArchiveChain.ReadAsync(scene.Journal, default).ToListAsync();
        Assert.Equal(report.Files, chain.Select(archived => archived.File));
        Assert.Equal(report.Calls, chain.Sum(archived => (long)archived.Calls));
        Assert.Equal(report.Rows, chain.Sum(archived => (long)archived.Rows));
        Assert.All(chain, archived => AssertGood(scene, archived.File, archived.Sha256.ToByteArray()));
        Assert.Equal(report.Files.Order(StringComparer.Ordinal), scene.Files.List(ArchiveFormat.Extension));
        Assert.Empty(scene.Files.List(ArchiveFormat.PartExtension));
    }

    [SuiteFact]
    public async Task A_look_says_what_a_run_would_move_and_touches_nothing()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(30);
        var before = await Reading.AllAsync(scene.Journal);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var look = await scene.Archiver(scene.Options()).LookAsync(null, default);

        Assert.Equal(before, await Reading.AllAsync(scene.Journal));
        Assert.False(Directory.Exists(scene.Folder));
        var run = await scene.ArchiveAsync();
        Assert.Equal((run.Calls, run.Rows, run.JournalBytes), (look.Calls, look.Rows, look.JournalBytes));
        Assert.Equal(scene.Workload.Ended.Count, look.Calls);
    }

    [SuiteFact]
    public Task Whenever_a_run_is_killed_every_row_is_read_once_and_the_next_run_ends_it() => KilledEverywhereAsync(losesUnflushed: false);

    [SuiteFact]
    public Task Whenever_the_power_goes_what_was_not_flushed_is_lost_and_nothing_else() => KilledEverywhereAsync(losesUnflushed: true);

    [SuiteFact]
    public async Task A_folder_that_cannot_be_written_is_named_and_the_journal_is_as_it_was()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(10);
        var before = await Reading.AllAsync(scene.Journal);
        File.WriteAllText(scene.Folder, "a file in the folder's place");

        var failure = await Assert.ThrowsAsync<ArchiveException>(() => scene.ArchiveAsync());

        Assert.Contains(scene.Folder, failure.Message);
        Assert.Contains("audit.archiveFolder", failure.Message);
        Assert.Equal(before, await Reading.AllAsync(scene.Journal));
    }

    [SuiteFact]
    public async Task A_disk_that_is_full_half_way_leaves_the_journal_and_no_part_and_when_there_is_room_all_goes()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(40);
        var before = await Reading.AllAsync(scene.Journal);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var full = new FullFiles(new ArchiveFolder(scene.Folder), room: 5_000);

        var failure = await Assert.ThrowsAsync<ArchiveException>(() => scene.Archiver(scene.Options(), full).RunAsync(null, default));

        Assert.Contains("No space left", failure.Message);
        Assert.Empty(scene.Files.List(ArchiveFormat.PartExtension));
        Assert.Equal(before, await Reading.AllAsync(scene.Composite));
        await scene.ArchiveAsync();
        Assert.Equal(scene.Workload.Ended.Count, (await ArchiveChain.ReadAsync(scene.Journal, default).ToListAsync()).Sum(archived => (long)archived.Calls));
        Assert.Equal(before, await Reading.AllAsync(scene.Composite));
    }

    [SuiteFact]
    public async Task Of_two_at_once_one_is_told_to_wait()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(5);
        using var held = scene.Files.Lock();

        Assert.Contains("somebody else archives", (await Assert.ThrowsAsync<ArchiveException>(() => scene.ArchiveAsync())).Message);
    }

    [SuiteFact]
    public async Task A_history_that_went_on_since_it_was_read_stays_in_the_journal_too()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(10);
        var id = "call-" + scene.Workload.Ended[0];
        var end = await scene.Journal.ReadActorAsync(id, 1, default).LastAsync();

        var refused = await scene.Pruner.MarkArchivedAsync([new HistoryEnd(id, end.SequenceNumber - 1)], "x", scene.Clock.GetUtcNow(), default);

        Assert.Equal([id], refused);
        Assert.Equal(0, await scene.Pruner.RemoveAsync([new RowKey(end.Ordering, id, end.SequenceNumber, [])], default));
        Assert.False((await scene.Journal.ReadStartAsync(id, default)).IsArchived);
    }

    private async Task KilledEverywhereAsync(bool losesUnflushed)
    {
        var places = new Dictionary<string, int>();
        var ended = false;
        for (var at = 1; !ended; at++)
        {
            await using var scene = await SceneAsync(new Random(at % 3));
            await scene.Workload.WriteAsync(9);
            var expected = await Reading.AllAsync(scene.Journal);
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            var end = new WorldEnd(at);
            var files = new EndingFiles(new ArchiveFolder(scene.Folder), end, losesUnflushed);
            try
            {
                var journal = new FaultyJournal(scene.Journal) { Step = end.Step };
                await scene.Archiver(scene.Options() with { CallsPerFile = 4, MarksPerStep = 5, RowsPerStep = 40 }, files, new EndingPruner(scene.Pruner, end), journal).RunAsync(null, default);
                ended = true;
            }
            catch (WorldEndedException)
            {
                places[end.Last] = places.GetValueOrDefault(end.Last) + 1;
                files.ComeBack();
            }

            Assert.Equal(expected, await Reading.AllAsync(scene.Composite));

            await scene.ArchiveAsync();
            Assert.Equal(expected, await Reading.AllAsync(scene.Composite));
            Assert.Empty(scene.Files.List(ArchiveFormat.PartExtension));
            var chain = await ArchiveChain.ReadAsync(scene.Journal, default).ToListAsync();
            Assert.Equal(chain.Select(archived => archived.File).Order(StringComparer.Ordinal), scene.Files.List(ArchiveFormat.Extension));
            Assert.All(chain, archived => AssertGood(scene, archived.File, archived.Sha256.ToByteArray()));
            Assert.Equal(scene.Workload.Ended.Count, chain.Sum(archived => (int)archived.Calls));
            Assert.DoesNotContain(await Reading.RowsAsync(scene.Journal), row => scene.Workload.Ended.Any(id => row.PersistenceId.EndsWith(id, StringComparison.Ordinal)));
        }

        output.WriteLine(string.Join('\n', places.Select(place => $"{place.Value} times {place.Key}")));
        Assert.Equal(13, places.Count);
    }

    private static void AssertGood(ArchiveScene scene, string name, byte[] sha256)
    {
        var verification = ArchiveVerifier.Verify(scene.Files, name, default);
        Assert.Empty(verification.Problems);
        Assert.Equal(sha256, verification.Sha256);
        Assert.Equal(sha256, System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(scene.Folder, name))));
    }
}

public sealed class SqliteArchivingTests(ITestOutputHelper output) : ArchivingConformance(output)
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);
}

public sealed class PostgresArchivingTests(ITestOutputHelper output) : ArchivingConformance(output)
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => PostgresAsync();
}
