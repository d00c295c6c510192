using Mcptt.Actors.Audit;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>As many events as fit into a test; `Tests/Benchmarks -- verify` takes a million.</summary>
public sealed class LongJournalTests
{
    private const int Writers = 16;
    private const int EventsEach = 1_000;

    [Fact]
    public async Task A_long_journal_is_sealed_and_verifies_clean_and_one_changed_octet_in_it_is_found()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, random, sealedEvents: 0, tail: 0);
        await using (var journal = await proven.OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
                Task.Run(() => new RandomHistory(journal, new Random(seed + writer), actors: 100) { Prefix = $"w{writer}-" }.WriteAsync(EventsEach))));
            var sealer = new Sealer(journal, proven.Key, new SealerOptions { EveryEvents = 3_000 }, TimeProvider.System, "0123456789abcdef");
            while (await sealer.SealAsync(default) == SealOutcome.SealedFull)
            {
                Assert.NotNull(sealer.SealedTo);
            }
        }

        var clean = await proven.VerifyAsync();
        Assert.True(clean.IsClean, $"seed {seed}: {string.Join('\n', clean.Findings)}");
        Assert.Equal((Writers * EventsEach) + clean.Seals, clean.Rows);
        Assert.Equal(6, clean.Seals);

        var ordering = random.Next(1, Writers * EventsEach);
        await proven.ExecuteAsync($"UPDATE journal SET message = substr(message, 1, 20) || x'00' || substr(message, 22) WHERE ordering = {ordering}");
        var found = await proven.VerifyAsync();
        Assert.True(found.Findings.Any(finding => finding.Ordering == ordering && finding.Kind == FindingKind.ChangedEvent), $"seed {seed}, ordering {ordering}: {string.Join('\n', found.Findings)}");
    }
}
