using Mcptt.Actors.Audit;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

public sealed class VerifyTests
{
    private readonly Random _random = new(Seed.Take());

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Random_histories_verify_clean_with_any_number_of_lanes_and_chains_in_memory(TestedJournal kind)
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var proven = await ProvenJournal.CreateAsync(kind, random, random.Next(1, 900), random.Next(1, 300), random.Next(0, 300));
        foreach (var (lanes, chains) in ((int, int)[])[(1, 1_000), (3, 1_000), (1, 1), (4, 4)])
        {
            var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], Lanes = lanes, ChainLimit = chains, ReceiptsPath = proven.Receipts });

            Assert.True(report.IsClean, $"seed {seed}: {string.Join('\n', report.Findings)}");
            Assert.Equal(proven.Rows.Count, report.Rows);
            Assert.Equal(proven.Rows.Select(row => row.PersistenceId).Distinct().Count(), report.Chains);
            Assert.Equal(chains < report.Chains, report.Passes > 1);
        }
    }

    [Fact]
    public async Task What_is_left_for_a_later_pass_is_checked_there()
    {
        await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, _random);
        var rows = Enumerable.Range(0, 5).Select(_ => proven.Middle(isSealed: false, _random)).ToList();
        foreach (var row in rows)
        {
            await proven.ExecuteAsync($"UPDATE journal SET message = substr(message, 1, length(message) - 1) WHERE ordering = {row.Ordering}");
        }

        var report = await proven.VerifyAsync(new VerifyOptions { Lanes = 2, ChainLimit = 2 });

        Assert.True(report.Passes > 2);
        Assert.All(rows, row => Assert.Contains(report.Findings, found => found.PersistenceId == row.PersistenceId && found.SequenceNumber == row.SequenceNumber));
    }

    [Fact]
    public async Task A_part_is_verified_between_the_seals_that_cover_it()
    {
        await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, _random);
        var seals = proven.Rows.Where(row => row.PersistenceId == SealLimits.PersistenceId).ToList();
        await proven.ExecuteAsync($"UPDATE journal SET created = created + 1 WHERE ordering IN ({seals[0].Ordering - 5}, {seals[4].Ordering - 5})");

        var middle = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], From = seals[1].Created, To = seals[3].Created });
        var late = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], From = seals[3].Created, ReceiptsPath = proven.Receipts });

        Assert.True(middle.IsClean, string.Join('\n', middle.Findings));
        Assert.Equal(ProvenJournal.Seal(seals[1]).Rows + ProvenJournal.Seal(seals[2]).Rows + ProvenJournal.Seal(seals[3]).Rows, (uint)middle.Rows);
        Assert.Equal(seals[4].Ordering - 5, Assert.Single(late.Findings).Ordering);
    }

    [Fact]
    public async Task A_part_of_a_journal_without_seals_cannot_be_verified()
    {
        await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, _random, sealedEvents: 0);

        var refused = await Assert.ThrowsAsync<VerifyRefusedException>(() => proven.VerifyAsync(new VerifyOptions { From = DateTimeOffset.UnixEpoch }));

        Assert.Contains("no seals", refused.Message);
        Assert.True((await proven.VerifyAsync(new VerifyOptions())).IsClean);
    }

    [Fact]
    public async Task Findings_beyond_the_limit_are_counted()
    {
        await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, _random);
        await proven.ExecuteAsync("UPDATE journal SET identifier = 7");

        var report = await proven.VerifyAsync(new VerifyOptions { FindingLimit = 10 });

        Assert.Equal(10, report.Findings.Count);
        Assert.True(report.FindingCount > proven.Rows.Count);
    }
}
