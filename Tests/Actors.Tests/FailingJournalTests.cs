using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class FailingJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InMemoryJournal _memory = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_could_not_be_written_is_not_acknowledged_not_there_and_has_no_effects()
    {
        var faulty = new FaultyJournal(_memory);
        await using var node = await Node.StartAsync(faulty);
        await node.SayAsync("1", "one");

        faulty.Fault = JournalFault.Fails;
        var reply = await node.SayAsync("2", "sip>two");
        faulty.Fault = JournalFault.None;

        Assert.Equal(UnavailableReason.Journal, reply.Unavailable.Reason);
        Assert.Equal(["one"], await node.WordsAsync());
        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "sip>two"));
        await Node.UntilAsync(() => node.World.Sip.Count == 1, "the effect");
        Assert.Equal(["one", "sip>two"], await node.WordsAsync());
    }

    [Fact]
    public async Task What_was_written_though_the_answer_was_a_failure_is_found_by_the_retry()
    {
        var faulty = new FaultyJournal(_memory);
        await using var node = await Node.StartAsync(faulty);
        await node.SayAsync("1", "one");

        faulty.Fault = JournalFault.WritesAndFails;
        Assert.Equal(UnavailableReason.Journal, (await node.SayAsync("2", "sip>two")).Unavailable.Reason);
        faulty.Fault = JournalFault.None;

        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "sip>two"));
        await Node.UntilAsync(() => node.World.Sip.Count > 0, "the effect");
        Assert.Equal(["one", "sip>two"], await node.WordsAsync());
    }

    [Fact]
    public async Task A_full_journal_queue_is_answered_overloaded_and_stops_nothing()
    {
        var faulty = new FaultyJournal(_memory) { Fault = JournalFault.Overloaded };
        await using var node = await Node.StartAsync(faulty);

        Assert.Equal(UnavailableReason.Overloaded, (await node.SayAsync("1", "one")).Unavailable.Reason);
        faulty.Fault = JournalFault.None;

        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));
        Assert.Equal(1, node.Engine.Metrics.Recoveries);
    }

    [Fact]
    public async Task When_another_node_wrote_for_the_actor_the_command_is_decided_on_what_was_written()
    {
        await using var stale = await Node.StartAsync(_memory);
        await stale.SayAsync("1", "one");
        await using var owner = await Node.StartAsync(_memory);
        Assert.Equal(Replies.Accepted, await owner.SayAsync("2", "two"));

        var again = await stale.SayAsync("2", "two");
        Assert.Equal(Replies.Accepted, await stale.SayAsync("3", "three"));

        Assert.Equal(Replies.Accepted, again);
        Assert.Equal(["one", "two", "three"], await stale.WordsAsync());
    }

    [Fact]
    public async Task Commands_that_wait_while_a_former_owners_last_write_arrives_are_taken_in_their_order()
    {
        var waiting = new FaultyJournal(_memory);
        await using var owner = await Node.StartAsync(waiting);
        await owner.SayAsync("1", "one");
        waiting.Fault = JournalFault.Waits;
        var sent = new List<Task<Reply>> { owner.SayAsync("2", "two") };
        await Node.UntilAsync(() => waiting.Appends == 2, "the append");
        sent.AddRange([owner.SayAsync("3", "three"), owner.SayAsync("4", "four")]);
        await using var former = await Node.StartAsync(_memory);
        await former.SayAsync("2", "two");

        waiting.Release();

        Assert.All(await Task.WhenAll(sent), reply => Assert.Equal(Replies.Accepted, reply));
        Assert.Equal(1, waiting.Occupied);
        Assert.Equal(["one", "two", "three", "four"], await owner.WordsAsync());
    }

    [Fact]
    public async Task Where_another_node_writes_on_and_on_the_command_is_answered_moved()
    {
        var others = 0;
        await using var other = await Node.StartAsync(_memory);
        var overtaken = new FaultyJournal(_memory)
        {
            Step = step =>
            {
                if (step == "before the append")
                {
                    other.SayAsync($"other {++others}", $"{others}").GetAwaiter().GetResult();
                }
            },
        };
        await using var node = await Node.StartAsync(overtaken);

        Assert.Equal(UnavailableReason.Moved, (await node.SayAsync("mine", "mine")).Unavailable.Reason);

        Assert.Equal(new EngineOptions().OvertakenAttempts, others);
    }

    [Fact]
    public async Task A_full_file_is_answered_journal_and_writes_go_on_by_themselves_when_there_is_room_again()
    {
        var path = _folder.File("journal.db");
        await (await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = path })).DisposeAsync();
        Execute(path, "CREATE TABLE ballast AS SELECT randomblob(1000000) AS bytes");
        await using var journal = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = path, MaxPages = 270 });
        await using var node = await Node.StartAsync(journal);

        var replies = new List<Reply>();
        for (var i = 0; i < 60; i++)
        {
            replies.Add(await node.SayAsync($"{i}", $"{i}{new string('x', 4_000)}"));
        }

        var accepted = replies.Count(reply => reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted);
        Assert.InRange(accepted, 1, 59);
        Assert.All(replies.Skip(accepted), reply => Assert.Equal(UnavailableReason.Journal, reply.Unavailable.Reason));
        Assert.Equal(accepted, (await node.WordsAsync()).Count);
        Execute(path, "DROP TABLE ballast");
        Assert.Equal(Replies.Accepted, await node.SayAsync("again", "again"));
        Assert.Equal(accepted + 1, (await node.WordsAsync()).Count);
    }

    [Fact]
    public async Task A_write_that_fails_for_any_other_reason_is_answered_journal_until_it_succeeds()
    {
        var path = _folder.File("journal.db");
        await using var journal = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = path });
        await using var node = await Node.StartAsync(journal);
        await node.SayAsync("1", "one");

        Execute(path, "CREATE TRIGGER trouble BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'trouble'); END");
        var reply = await node.SayAsync("2", "two");
        Execute(path, "DROP TRIGGER trouble");

        Assert.Equal(UnavailableReason.Journal, reply.Unavailable.Reason);
        Assert.Contains("trouble", reply.Unavailable.Detail);
        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "two"));
        Assert.Equal(["one", "two"], await node.WordsAsync());
    }

    [Fact]
    public async Task A_file_locked_by_another_process_is_answered_journal_and_nothing_is_half_there()
    {
        var path = _folder.File("journal.db");
        await using var journal = await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = path, BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await using var node = await Node.StartAsync(journal);
        await node.SayAsync("1", "one");
        using (var other = SqliteDatabase.Open(path, create: false))
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.Equal(UnavailableReason.Journal, (await node.SayAsync("2", "two", "three")).Unavailable.Reason);
            other.Execute("ROLLBACK");
        }

        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "two", "three"));
        Assert.Equal(["one", "two", "three"], await node.WordsAsync());
    }

    private static void Execute(string path, string sql)
    {
        using var database = SqliteDatabase.Open(path, create: false);
        database.Execute(sql);
    }
}
