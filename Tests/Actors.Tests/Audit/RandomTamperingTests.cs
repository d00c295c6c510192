using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>Whatever single thing is changed in sealed history is found, in random journals; and what nobody touched is clean.</summary>
public sealed class RandomTamperingTests
{
    private const int Journals = 4;
    private const int ChangesEach = 30;

    [Fact]
    public async Task Any_single_change_of_a_random_journal_is_found_and_its_chain_named()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var i = 0; i < Journals; i++)
        {
            await using var proven = await ProvenJournal.CreateAsync(TestedJournal.Sqlite, random, sealedEvents: random.Next(20, 200), sealEvery: random.Next(5, 50), tail: random.Next(0, 30));
            Assert.True((await proven.VerifyAsync()).IsClean, $"seed {seed}");
            for (var change = 0; change < ChangesEach; change++)
            {
                var row = Proven(proven, random);
                var (sql, restore) = Change(proven, row, random);
                await proven.ExecuteAsync(sql);
                var report = await proven.VerifyAsync(new VerifyOptions { Keys = [proven.Key.Public], Lanes = random.Next(1, 4), ChainLimit = random.Next(1, 40) });
                Assert.True(
                    report.Findings.Any(found => found.PersistenceId == row.PersistenceId && Math.Abs(found.SequenceNumber - row.SequenceNumber) <= 1),
                    $"seed {seed}: {sql} at {row.PersistenceId} {row.SequenceNumber} is not among\n{string.Join('\n', report.Findings)}");
                await proven.ExecuteAsync(restore);
            }

            Assert.True((await proven.VerifyAsync()).IsClean, $"seed {seed}");
        }
    }

    // Under a seal, or with a successor that carries its SHA-256.
    private static StoredEvent Proven(ProvenJournal proven, Random random)
    {
        var lastSeal = proven.Rows.Last(row => row.PersistenceId == SealLimits.PersistenceId);
        var candidates = proven.Rows.Where(row => row.Ordering <= lastSeal.Ordering).ToList();
        return candidates[random.Next(candidates.Count)];
    }

    private static (string Sql, string Restore) Change(ProvenJournal proven, StoredEvent row, Random random)
    {
        var spoilt = (byte[])row.Message.Clone();
        spoilt[random.Next(spoilt.Length)] ^= (byte)random.Next(1, 256);
        var change = random.Next(7) switch
        {
            0 => $"created = created + {random.Next(1, 1_000)}",
            1 => $"writer_uuid = writer_uuid || '{random.Next(10)}'",
            2 => $"sequence_number = sequence_number + {random.Next(1_000, 2_000)}",
            3 => $"identifier = identifier + {random.Next(1, 1_000)}",
            4 => $"message = substr(message, 1, length(message) - {random.Next(1, 9)})",
            _ => $"message = {proven.Blob(spoilt)}",
        };
        return (
            $"UPDATE journal SET {change} WHERE ordering = {row.Ordering}",
            $"UPDATE journal SET created = {row.Created.UtcTicks}, writer_uuid = '{row.WriterUuid}', sequence_number = {row.SequenceNumber}, "
                + $"identifier = {row.Identifier}, message = {proven.Blob(row.Message)} WHERE ordering = {row.Ordering}");
    }
}
