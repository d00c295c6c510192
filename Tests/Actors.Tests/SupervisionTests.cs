using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class SupervisionTests
{
    private readonly InMemoryJournal _journal = new();

    [Theory]
    [InlineData("throw", "x")]
    [InlineData("say", "bad-evolve")]
    [InlineData("say", "bad-react")]
    public async Task An_exception_stops_that_actor_only_stores_nothing_and_the_next_command_finds_it_whole(string verb, string word)
    {
        await using var node = await Node.StartAsync(_journal);
        await node.SayAsync("1", "one");
        await node.SendAsync(LedgerKind.Say(Node.Bob, "2", "two"));

        var reply = await node.SendAsync(LedgerKind.Make(Node.Alice, "3", verb, word));

        Assert.Equal(UnavailableReason.RecoveryFailed, reply.Unavailable.Reason);
        Assert.Equal(["one"], await node.WordsAsync());
        Assert.Equal(["two"], await node.WordsAsync(Node.Bob));
        Assert.Equal(Replies.Accepted, await node.SayAsync("4", "four"));
        Assert.Equal(1, node.Engine.Metrics.Faults);
        Assert.Equal(3, await _journal.ReadLastOrderingAsync(default));
    }

    [Fact]
    public async Task A_full_mailbox_is_answered_overloaded_at_once()
    {
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty, options: new EngineOptions { MailboxLimit = 3 });
        faulty.Fault = JournalFault.Waits;
        var first = node.SayAsync("0", "0");
        await Node.UntilAsync(() => faulty.Appends == 1, "the append");
        var waiting = Enumerable.Range(1, 3).Select(i => node.SayAsync($"{i}", $"{i}")).ToList();

        Assert.Equal(UnavailableReason.Overloaded, (await node.SayAsync("4", "4")).Unavailable.Reason);
        faulty.Release();

        Assert.All(await Task.WhenAll(waiting.Prepend(first)), reply => Assert.Equal(Replies.Accepted, reply));
        Assert.Equal(["0", "1", "2", "3"], await node.WordsAsync());
    }

    [Fact]
    public async Task While_an_append_is_under_way_the_actor_decides_nothing_else_and_others_go_on()
    {
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty);
        await node.SendAsync(LedgerKind.Say(Node.Bob, "0", "bob"));
        faulty.Fault = JournalFault.Waits;
        var first = node.SayAsync("1", "one");
        await Node.UntilAsync(() => faulty.Appends == 2, "the append");

        var query = node.SendAsync(LedgerKind.Get(Node.Alice));
        Assert.Equal(["bob"], await node.WordsAsync(Node.Bob));
        Assert.False(query.IsCompleted);
        Assert.False(first.IsCompleted);
        faulty.Release();

        Assert.Equal(["one"], (await query).Accepted.Ue.ImplicitGroupIds);
    }

    [Fact]
    public async Task At_the_deadline_the_caller_is_told_and_a_command_that_still_waits_is_not_decided_any_more()
    {
        var clock = Node.Clock();
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty, clock);
        faulty.Fault = JournalFault.Waits;
        var first = node.SayAsync("1", "one");
        await Node.UntilAsync(() => faulty.Appends == 1, "the append");
        var second = node.SayAsync("2", "two");

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(UnavailableReason.Deadline, (await first).Unavailable.Reason);
        Assert.Equal(UnavailableReason.Deadline, (await second).Unavailable.Reason);
        faulty.Release();

        Assert.Equal(["one"], await node.WordsAsync());
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));
        Assert.Equal(["one"], await node.WordsAsync());
    }

    [Fact]
    public async Task A_cancelled_caller_is_answered_not_thrown_at()
    {
        var faulty = new FaultyJournal(_journal) { Fault = JournalFault.Waits };
        await using var node = await Node.StartAsync(faulty);
        using var cancel = new CancellationTokenSource();
        var reply = node.Engine.SendAsync(LedgerKind.Say(Node.Alice, "1", "one"), cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal(UnavailableReason.Deadline, (await reply).Unavailable.Reason);
    }
}
