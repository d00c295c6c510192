using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class LocalEngineTests
{
    private readonly InMemoryJournal _journal = new();

    [Fact]
    public async Task What_was_accepted_is_there_after_the_next_start()
    {
        await using (var node = await Node.StartAsync(_journal))
        {
            Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one", "two"));
        }

        await using var next = await Node.StartAsync(_journal);
        Assert.Equal(["one", "two"], await next.WordsAsync());
    }

    [Fact]
    public async Task A_rejection_is_answered_and_writes_nothing()
    {
        await using var node = await Node.StartAsync(_journal);

        var reply = await node.SendAsync(LedgerKind.Make(Node.Alice, "1", "reject"));

        Assert.Equal(RejectionCode.Conflict, reply.Rejection.Code);
        Assert.Equal(0, await _journal.ReadLastOrderingAsync(default));
    }

    [Fact]
    public async Task Effects_leave_in_order_with_ids_made_of_persistence_id_sequence_number_and_index()
    {
        await using var node = await Node.StartAsync(_journal);

        await node.SayAsync("1", "sip>a", "quiet", "both>b");
        await Node.UntilAsync(() => node.World.Sip.Count == 2, "two SIP effects");

        Assert.Equal(["ue-sip:alice@example.org/1/0", "ue-sip:alice@example.org/3/1"], node.World.Sip.Select(effect => effect.EffectId));
        Assert.Equal("ue-sip:alice@example.org/3/0", Assert.Single(node.World.Media).EffectId);
        Assert.All(node.World.Sip, effect => Assert.Equal("1", effect.CorrelationId));
    }

    [Fact]
    public async Task A_told_command_reaches_the_other_actor_with_the_correlation_of_its_cause()
    {
        await using var node = await Node.StartAsync(_journal);
        var command = LedgerKind.Say(Node.Alice, "1", $"tell>{Node.Bob.Id}>sip>hello");
        command.CorrelationId = "c1";
        command.OnBehalfOf = "sip:alice@example.org";

        await node.SendAsync(command);
        await Node.UntilAsync(() => node.World.Sip.Count == 1, "the effect of the told command");

        Assert.Equal(["sip>hello"], await node.WordsAsync(Node.Bob));
        Assert.Equal("c1", node.World.Sip[0].CorrelationId);
        var stored = await _journal.ReadTagAsync("user:sip:bob@example.org", 0, default).SingleAsync();
        Assert.True(stored.TryReadEnvelope(out var envelope));
        Assert.Equal("sip:alice@example.org", envelope.OnBehalfOf);
        Assert.Equal("ue-sip:alice@example.org/1/0", envelope.CommandId);
    }

    [Fact]
    public async Task A_command_for_a_kind_that_is_not_served_or_without_an_id_is_rejected()
    {
        await using var node = await Node.StartAsync(_journal);

        var unknown = await node.SendAsync(LedgerKind.Say(new ActorAddress { Kind = ActorKindName.Floor, Id = "x" }, "1", "word"));
        var nameless = await node.SendAsync(LedgerKind.Say(Node.Alice, "", "word"));
        var endless = await node.SendAsync(LedgerKind.Say(new ActorAddress { Kind = ActorKindName.Ue, Id = new string('x', 300) }, "1", "word"));

        Assert.All([unknown, nameless, endless], reply => Assert.Equal(RejectionCode.InvalidRequest, reply.Rejection.Code));
    }

    [Fact]
    public async Task Before_the_start_and_after_the_stop_commands_are_answered_stopping()
    {
        var node = await Node.StartAsync(_journal);
        await node.SayAsync("1", "sip>a");

        await node.Engine.StopAsync(default);

        Assert.Single(node.World.Sip);
        Assert.Equal(UnavailableReason.Stopping, (await node.SayAsync("2", "late")).Unavailable.Reason);
        await node.DisposeAsync();
    }
}
