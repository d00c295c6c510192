using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Calls;

/// <summary>The real actors on the runtime: a group call that goes on through crashes of the node.</summary>
public sealed class CallThroughCrashTests : IDisposable
{
    private const int Lives = 15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_crash_in_the_middle_of_a_burst_leaves_registrations_group_call_holder_and_queue_as_they_were()
    {
        CallView? call;
        FloorView? floor;
        await using (var journal = await OpenAsync())
        {
            await using var before = await Brigade.StartAsync(journal);
            await before.RegisterAllAsync();
            await before.CallAsync();
            await before.RequestFloorAsync("r1", 1);
            await before.RequestFloorAsync("r2", 2);
            (call, floor) = (await before.CallViewAsync(), await before.FloorAsync());
            Assert.Equal([1u], floor!.Holders.Select(holder => holder.Leg));
            Assert.Equal([2u], floor.Queue.Select(queued => queued.Leg));
        }

        await using var again = await OpenAsync();
        await using var after = await Brigade.StartAsync(again);
        await Node.UntilAsync(() => after.Phones.Talkers(Brigade.CallId).SequenceEqual([1u]), "the talker on the new media session, without anybody asking");
        Assert.Equal([1u, 2u, 3u, 4u], after.Phones.Legs(Brigade.CallId));
        var open = after.Phones.Media.First(effect => effect.BodyCase == MediaEffect.BodyOneofCase.Open).Open;
        Assert.Equal((call!.RtpPort, call.FloorPort), (open.RtpPort, open.FloorPort));
        Assert.Equal(call, await after.CallViewAsync());
        Assert.Equal(floor, await after.FloorAsync());
        Assert.Equal(Brigade.Users.Length, (await after.GroupAsync()).Affiliated.Count);

        await after.ReleaseFloorAsync("r3", 1);
        await Node.UntilAsync(() => after.Phones.Talkers(Brigade.CallId).SequenceEqual([2u]), "the next one in the queue");
    }

    [Fact]
    public async Task However_often_the_node_is_killed_the_call_ends_as_it_should_and_every_acknowledged_command_is_in_the_journal_once()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var acknowledged = new List<string>();
        var next = 0;
        for (var life = 0; life < Lives; life++)
        {
            await using var journal = await OpenAsync();
            await using var node = await Brigade.StartAsync(journal);
            if (life == 0)
            {
                await node.RegisterAllAsync();
                await node.CallAsync();
            }

            var sent = new List<(string Id, Task<Reply> Reply)>();
            for (var i = random.Next(1, 40); i > 0; i--)
            {
                var (id, leg) = ($"f{next++}", (uint)random.Next(1, 5));
                sent.Add((id, random.Next(2) == 0 ? node.RequestFloorAsync(id, leg) : node.ReleaseFloorAsync(id, leg)));
            }

            // Killed when some of them were answered, whatever the machine's speed; the rest is under way.
            await sent[random.Next(sent.Count)].Reply.WaitAsync(TimeSpan.FromSeconds(30));
            await Task.Delay(random.Next(0, 3));
            var floor = sent.Where(command => command.Reply.IsCompletedSuccessfully).ToList();
            foreach (var command in floor)
            {
                if ((await command.Reply).OutcomeCase == Reply.OutcomeOneofCase.Accepted)
                {
                    acknowledged.Add(command.Id);
                }
            }
        }

        await using var last = await OpenAsync();
        await using var survivor = await Brigade.StartAsync(last);
        var holders = (await survivor.FloorAsync())!.Holders.Select(holder => holder.Leg).ToList();
        Assert.True(holders.Count <= 1, $"seed {seed}: {holders.Count} hold the floor");
        await Node.UntilAsync(() => survivor.Phones.Talkers(Brigade.CallId).SequenceEqual(holders), $"media that agrees with the floor (seed {seed})");
        Assert.True(acknowledged.Count > Lives, $"seed {seed}: only {acknowledged.Count} were acknowledged, so this shows nothing");
        await AssertJournalAsync(last, seed);
        await EndCallAsync(survivor, last, seed);
    }

    private static async Task AssertJournalAsync(SqliteJournal journal, int seed)
    {
        var commands = new HashSet<(string, string)>();
        await foreach (var stored in journal.ReadAllAsync(0, default))
        {
            Assert.True(stored.TryReadEnvelope(out var envelope));
            Assert.True(
                envelope.Index > 0 || commands.Add((stored.PersistenceId, envelope.CommandId)),
                $"seed {seed}: {stored.PersistenceId} wrote {envelope.CommandId} twice");
        }
    }

    private static async Task EndCallAsync(Brigade node, SqliteJournal journal, int seed)
    {
        await node.SendAsync("release", ActorAddresses.Call(Brigade.CallId), c => c.Call = new CallCommand { Release = new ReleaseCall { Reason = "test" } });
        await Brigade.UntilAsync(async () => (await node.GroupAsync()).Call.Length == 0, $"the group without a call (seed {seed})");
        await Node.UntilAsync(() => node.Phones.Media.Any(effect => effect.BodyCase == MediaEffect.BodyOneofCase.Close), $"the end of the media session (seed {seed})");
        Assert.Equal(
            Brigade.Users.Length,
            node.Phones.Sip.Where(effect => effect.BodyCase == SipEffect.BodyOneofCase.Bye).Select(effect => effect.Bye.Leg).Distinct().Count());
        await Brigade.UntilAsync(
            async () => (await journal.ReadLiveAsync("", "", default).ToListAsync()).TrueForAll(live => live.PersistenceId.StartsWith("ue-", StringComparison.Ordinal)),
            $"only registrations to be live (seed {seed})");
    }

    private Task<SqliteJournal> OpenAsync() => SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = _folder.File("journal.db") });
}
