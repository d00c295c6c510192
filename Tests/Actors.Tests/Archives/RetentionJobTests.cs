using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;

namespace Mcptt.Actors.Tests.Archives;

public sealed class RetentionJobTests : ArchiveConformance
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);

    [Theory]
    [InlineData("2026-11-21T02:59:59Z", 24, "2026-11-21T03:00:00Z")]
    [InlineData("2026-11-21T03:00:00Z", 24, "2026-11-22T03:00:00Z")]
    [InlineData("2026-11-21T10:00:00Z", 6, "2026-11-21T15:00:00Z")]
    [InlineData("2026-11-21T23:30:00Z", 6, "2026-11-22T03:00:00Z")]
    [InlineData("2026-11-21T23:30:00Z", 1, "2026-11-22T00:00:00Z")]
    public void The_next_time_is_the_same_for_every_node_and_after_every_restart(string now, int everyHours, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), new RetentionSchedule(new TimeOnly(3, 0), TimeSpan.FromHours(everyHours)).Next(DateTimeOffset.Parse(now)));

    [Fact]
    public async Task It_archives_at_its_time_each_day_and_what_fails_is_tried_again_the_next_day()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(6);
        var calls = scene.Workload.Ended.Count;
        var at = TimeOnly.FromDateTime(scene.Clock.GetUtcNow().UtcDateTime).Add(TimeSpan.FromHours(2));
        File.WriteAllText(scene.Folder, "a file in the folder's place");
        var log = new RecordingLog();
        await using var job = new RetentionJob(
            scene.Archiver(scene.Options()), new RetentionSchedule(at, TimeSpan.FromHours(24)), scene.Clock, log);
        job.Start();
        scene.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(log.Warnings);

        scene.Clock.Advance(TimeSpan.FromHours(1));
        await Node.UntilAsync(() => log.Warnings.Any(line => line.Contains("Archiving ends early", StringComparison.Ordinal)), "a run that fails");
        Assert.Empty(await ArchiveChain.ReadAsync(scene.Journal, default).ToListAsync());
        File.Delete(scene.Folder);
        await Node.UntilAsync(
            () =>
            {
                scene.Clock.Advance(TimeSpan.FromHours(1));
                return scene.Files.List(ArchiveFormat.Extension).Count > 0 && !scene.Files.IsLocked;
            },
            "the next day's run");

        Assert.Equal(calls, (await ArchiveChain.ReadAsync(scene.Journal, default).ToListAsync()).Sum(archived => (int)archived.Calls));
    }
}
