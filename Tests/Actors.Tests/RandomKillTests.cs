using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

public sealed class RandomKillTests : IDisposable
{
    private const int Actors = 8;
    private const int Lives = 25;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Lives of a node that end at random moments, in the middle of commands, appends and hand-overs. Whatever was acknowledged is there
    /// exactly once and in order, whatever was not is there once or not at all, and every effect arrives at last.
    /// </summary>
    [Fact]
    public async Task However_often_it_is_killed_nothing_acknowledged_is_lost_or_doubled_and_every_effect_arrives()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var options = new SqliteJournalOptions { Path = _folder.File("journal.db") };
        var world = new World();
        var acknowledged = new SortedDictionary<int, string>();
        var next = 0;
        for (var life = 0; life < Lives; life++)
        {
            var journal = await SqliteJournalTests.OpenAsync(options);
            var node = await Node.StartAsync(journal, options: new EngineOptions { SnapshotEvery = 7, SweepInterval = TimeSpan.FromMilliseconds(3) }, world: world);
            var sent = Enumerable.Range(next, random.Next(1, 120)).ToList();
            next += sent.Count;
            var replies = sent.ConvertAll(i => (i, Reply: SendAsync(node, i)));
            await Task.Delay(random.Next(0, 12));
            await node.DisposeAsync();
            await journal.DisposeAsync();
            foreach (var (i, reply) in replies.Where(sent => sent.Reply.IsCompletedSuccessfully))
            {
                if ((await reply).OutcomeCase == Reply.OutcomeOneofCase.Accepted)
                {
                    acknowledged.Add(i, Word(i));
                }
            }
        }

        await using var last = await SqliteJournalTests.OpenAsync(options);
        await using var survivor = await Node.StartAsync(last, world: world);
        var words = new List<string>();
        for (var actor = 0; actor < Actors; actor++)
        {
            words.AddRange(await survivor.WordsAsync(Address(actor)));
        }

        Assert.True(words.Count == words.Distinct().Count(), $"seed {seed}: a word is there twice");
        Assert.True(acknowledged.Values.All(words.Contains), $"seed {seed}: an acknowledged word is missing");
        var told = words.Where(word => word.StartsWith("tell", StringComparison.Ordinal)).Select(word => word.Split('>')[^1]).ToList();
        var own = words.Where(word => word.StartsWith("sip", StringComparison.Ordinal)).Select(word => word.Split('>')[^1]).ToHashSet();
        Assert.True(acknowledged.Count > Lives, $"seed {seed}: only {acknowledged.Count} commands were acknowledged, so this shows nothing");
        await Node.UntilAsync(
            () => own.Concat(told).ToHashSet().IsSubsetOf(world.Sip.Select(effect => effect.Bye.Reason.Split('>')[^1].Split('#')[0])),
            $"every effect (seed {seed})");
    }

    private static ActorAddress Address(int actor) => ActorAddresses.Ue($"sip:{actor}@example.org");

    private static string Word(int i) => i % 3 == 0 ? $"tell>{Address((i + 1) % Actors).Id}>sip>t{i}" : $"sip>w{i}";

    private static Task<Reply> SendAsync(Node node, int i) => node.SendAsync(LedgerKind.Say(Address(i % Actors), $"c{i}", Word(i)));
}
