using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Calls;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

/// <summary>The same random work has the same history, byte for byte, whatever it is written to.</summary>
public sealed class SameHistoryTests
{
    private const int Steps = 300;
    private const int Ledgers = 64;
    private const int CommandsOfEach = 40;

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_random_day_of_the_brigade_is_the_same_in_memory_and_elsewhere(TestedJournal on)
    {
        var seed = Seed.Take();
        await AssertSameAsync(on, journal => new RandomDay(seed).RunAsync(journal, Steps), seed, kinds: ["ue-", "group-", "call-", "floor-"]);
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task Many_actors_at_once_each_have_the_same_history_in_memory_and_elsewhere(TestedJournal on)
    {
        var seed = Seed.Take();
        await AssertSameAsync(on, journal => WriteLedgersAsync(journal, seed), seed, kinds: ["ue-"]);
    }

    [Fact]
    public async Task A_history_that_differs_is_found_and_told()
    {
        var histories = new List<SortedDictionary<string, List<string>>>();
        foreach (var word in new[] { "one", "two" })
        {
            var journal = new InMemoryJournal();
            await using var node = await Node.StartAsync(journal, new FakeClock());
            await node.SayAsync("1", "same");
            await node.SayAsync("2", word);
            histories.Add(await Streams.ReadAsync(journal));
        }

        Assert.StartsWith("ue-sip:alice@example.org, event 2:", Streams.Difference(histories[0], histories[1]), StringComparison.Ordinal);
    }

    private static async Task AssertSameAsync(TestedJournal on, Func<IJournal, Task> work, int seed, string[] kinds)
    {
        await using var anchor = new InMemoryJournal();
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        await work(anchor);
        await work(journal);

        var expected = await Streams.ReadAsync(anchor);
        Assert.All(kinds, kind => Assert.Contains(expected.Keys, id => id.StartsWith(kind, StringComparison.Ordinal)));
        var difference = Streams.Difference(expected, await Streams.ReadAsync(journal));
        Assert.True(difference.Length == 0, $"seed {seed}: {difference}");
    }

    private static async Task WriteLedgersAsync(IJournal journal, int seed)
    {
        await using var node = await Node.StartAsync(journal, new FakeClock(), new EngineOptions { SnapshotEvery = 7 });
        await Task.WhenAll(Enumerable.Range(0, Ledgers).Select(ledger => Task.Run(() => WriteLedgerAsync(node, ledger, new Random(seed + ledger)))));
        await node.Engine.StopAsync(CancellationToken.None);
    }

    private static async Task WriteLedgerAsync(Node node, int ledger, Random random)
    {
        var address = ActorAddresses.Ue($"sip:{ledger}@example.org");
        for (var i = 0; i < CommandsOfEach; i++)
        {
            var words = Enumerable.Range(0, random.Next(1, 5)).Select(word => $"{random.Next(1_000)}-{word}").ToArray();
            var reply = await node.SendAsync(LedgerKind.Say(address, $"c{random.Next(CommandsOfEach)}", words));
            Assert.Equal(Reply.OutcomeOneofCase.Accepted, reply.OutcomeCase);
        }
    }
}
