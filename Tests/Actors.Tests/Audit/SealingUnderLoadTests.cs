using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>Seals are made while others write, by several nodes, of which some are killed: none ever covers less than it says.</summary>
public sealed class SealingUnderLoadTests
{
    private const int Writers = 6;
    private const int EventsEach = 250;
    private const int Kills = 8;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Seals_of_nodes_that_are_killed_while_others_write_prove_everything(TestedJournal kind)
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var proven = await ProvenJournal.CreateAsync(kind, random, sealedEvents: 0, tail: 0);
        await using var journal = await proven.OpenAsync();
        var options = new SealerOptions { Every = TimeSpan.FromMilliseconds(20), Poll = TimeSpan.FromMilliseconds(5), EveryEvents = 70, ReceiptsPath = proven.Receipts };
        var writing = Enumerable.Range(0, Writers).Select(writer => new RandomHistory(journal, new Random(seed + writer)) { Prefix = $"w{writer}-", WriterUuid = $"writer{writer}" }.WriteAsync(EventsEach)).ToList();

        for (var kill = 0; kill < Kills; kill++)
        {
            await using var other = await proven.OpenAsync();
            var nodes = (SealingService[])[Service(journal, proven, options), Service(other, proven, options with { ReceiptsPath = "" })];
            foreach (var node in nodes)
            {
                node.Start();
            }

            await Task.Delay(random.Next(10, 120));
            foreach (var node in nodes)
            {
                // Not stopped: whatever it was about to do is not done.
                await node.DisposeAsync();
            }
        }

        await Task.WhenAll(writing);
        await using (var stopped = Service(journal, proven, options))
        {
            await stopped.StopAsync(default);
            Assert.Equal(0, stopped.Failures);
        }

        var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], ReceiptsPath = proven.Receipts });

        Assert.True(report.IsClean, $"seed {seed}: {string.Join('\n', report.Findings)}");
        Assert.Equal(Writers * EventsEach + report.Seals, report.Rows);
        Assert.Equal(report.Rows - report.RowsAfterLastSeal, report.SealedRows);

        // Only seals are not sealed: with a transaction still open beside it, one may not be seen yet by the next.
        var last = ProvenJournal.Seal((await journal.ReadActorAsync(SealLimits.PersistenceId, 1, default).ToListAsync())[^1]);
        Assert.All(await journal.ReadAllAsync(last.ToOrdering, default).ToListAsync(), row => Assert.Equal(SealLimits.PersistenceId, row.PersistenceId));
        Assert.Equal((long)report.LastSeal, report.Seals);
        Assert.Equal(report.Seals, File.ReadLines(proven.Receipts).Select(SealReceipt.Parse).Count(receipt => receipt is not null));
    }

    private static SealingService Service(IJournal journal, ProvenJournal proven, SealerOptions options) =>
        new(journal, proven.Key, options, TimeProvider.System, NullLogger<SealingService>.Instance);
}
