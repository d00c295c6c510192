using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

/// <summary>Refusals that are facts (ADR 0009): durable before the rejection leaves, remembered, or only counted.</summary>
public sealed class RefusalTests
{
    private readonly InMemoryJournal _journal = new();

    private static Command Refuse(string commandId, params string[] words) => LedgerKind.Make(Node.Alice, commandId, "refuse", words);

    private static Command Make(string commandId, string verb) => LedgerKind.Make(Node.Alice, commandId, verb);

    [Fact]
    public async Task A_refusal_with_events_stores_them_and_is_answered_with_the_rejection()
    {
        await using var node = await Node.StartAsync(_journal);

        var reply = await node.SendAsync(Refuse("1", "mallory knocked"));

        Assert.Equal(RejectionCode.NotAMember, reply.Rejection.Code);
        Assert.Equal(["mallory knocked"], await node.WordsAsync());
        Assert.True((await _journal.ReadActorAsync("ue-sip:alice@example.org", 1, default).FirstAsync()).TryReadEnvelope(out var envelope));
        Assert.Equal(reply, envelope.Reply);
        Assert.Equal((1, 1), (node.Engine.Metrics.Rejections, node.Engine.Metrics.Events));
    }

    [Fact]
    public async Task A_repeated_refusal_writes_nothing_and_gets_the_first_rejection_also_after_a_crash_and_after_a_snapshot()
    {
        Reply first;
        await using (var node = await Node.StartAsync(_journal))
        {
            first = await node.SendAsync(Refuse("1", "mallory knocked"));
            Assert.Equal(first, await node.SendAsync(Refuse("1", "mallory knocked")));
        }

        await using (var crashed = await Node.StartAsync(_journal))
        {
            Assert.Equal(first, await crashed.SendAsync(Refuse("1", "mallory knocked")));
            await crashed.Engine.StopAsync(default);
        }

        Assert.Equal(1, (await _journal.ReadStartAsync("ue-sip:alice@example.org", default)).Snapshot?.SequenceNumber);
        await using var stopped = await Node.StartAsync(_journal);
        Assert.Equal(first, await stopped.SendAsync(Refuse("1", "mallory knocked")));
        Assert.Equal(["mallory knocked"], await stopped.WordsAsync());
    }

    [Fact]
    public async Task A_rejection_does_not_leave_when_its_event_could_not_be_stored()
    {
        var faulty = new FaultyJournal(_journal) { Fault = JournalFault.Fails };
        await using var node = await Node.StartAsync(faulty);

        Assert.Equal(UnavailableReason.Journal, (await node.SendAsync(Refuse("1", "mallory knocked"))).Unavailable.Reason);
        faulty.Fault = JournalFault.None;

        Assert.Empty(await node.WordsAsync());
        Assert.Equal(RejectionCode.NotAMember, (await node.SendAsync(Refuse("1", "mallory knocked"))).Rejection.Code);
        Assert.Equal(["mallory knocked"], await node.WordsAsync());
    }

    [Fact]
    public async Task Refusals_that_are_counted_write_nothing_until_an_event_tells_how_many_there_were()
    {
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(RejectionCode.NotAMember, (await node.SendAsync(Make($"{i}", "count"))).Rejection.Code);
        }

        faulty.Fault = JournalFault.Overloaded;
        Assert.Equal(UnavailableReason.Overloaded, (await node.SendAsync(Make("a", "tell"))).Unavailable.Reason);
        faulty.Fault = JournalFault.None;
        await node.SayAsync("b", "between");
        await node.SendAsync(Make("c", "tell"));
        await node.SendAsync(Make("d", "tell"));

        Assert.Equal(["between", "counted 3", "counted 0"], await node.WordsAsync());
    }

    [Fact]
    public async Task Who_sends_a_command_cannot_say_how_many_were_counted()
    {
        await using var node = await Node.StartAsync(_journal);
        var forged = Make("1", "tell");
        forged.Unrecorded = 99;

        await node.SendAsync(forged);

        Assert.Equal(["counted 0"], await node.WordsAsync());
    }

    [Fact]
    public async Task An_actor_that_has_counted_stays_until_it_has_told()
    {
        var clock = Node.Clock();
        await using var node = await Node.StartAsync(_journal, clock);
        await node.SendAsync(Make("1", "count"));
        await node.SendAsync(LedgerKind.Say(Node.Bob, "2", "idle"));
        for (var i = 0; i < 100 && node.Engine.Metrics.Unloaded == 0; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10);
        }

        Assert.Equal((1, 1), (node.Engine.Metrics.Unloaded, node.Engine.Loaded));
        await node.SendAsync(Make("3", "tell"));
        Assert.Equal(["counted 1"], await node.WordsAsync());
    }
}
