using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class RecoveryTests
{
    private const string AliceId = "ue-sip:alice@example.org";

    private readonly InMemoryJournal _journal = new();

    [Fact]
    public async Task A_crash_between_append_and_reply_loses_nothing_and_the_retry_gets_the_reply_and_the_effects()
    {
        var faulty = new FaultyJournal(_journal) { Fault = JournalFault.WritesAndIsSilent };
        await using (var node = await Node.StartAsync(faulty))
        {
            var unanswered = node.SayAsync("1", "sip>a");
            await Node.UntilAsync(() => faulty.Appends == 1, "the append");
            Assert.False(unanswered.IsCompleted);
            Assert.Empty(node.World.Sip);
        }

        await using var next = await Node.StartAsync(_journal);
        await Node.UntilAsync(() => next.World.Sip.Count == 1, "the effect, without anybody asking");
        Assert.Equal(Replies.Accepted, await next.SayAsync("1", "sip>a"));
        Assert.Equal(["sip>a"], await next.WordsAsync());
    }

    [Fact]
    public async Task After_a_crash_open_effects_are_sent_except_what_was_to_be_said_to_participants()
    {
        var faulty = new FaultyJournal(_journal) { Fault = JournalFault.WritesAndIsSilent };
        await using (var node = await Node.StartAsync(faulty))
        {
            _ = node.SayAsync("1", "speak", "media", "sip>a");
            await Node.UntilAsync(() => faulty.Appends == 1, "the append");
        }

        await using var next = await Node.StartAsync(_journal);
        await Node.UntilAsync(() => next.World.Sip.Count == 1, "the last effect");
        Assert.Equal([MediaEffect.BodyOneofCase.SetTalkers], next.World.Media.Select(effect => effect.BodyCase));
    }

    [Fact]
    public async Task A_changed_row_is_found_and_its_actor_answers_nothing_while_others_do()
    {
        await using (var node = await Node.StartAsync(_journal))
        {
            await node.SayAsync("1", "one");
            await node.SayAsync("2", "two");
            await node.SendAsync(LedgerKind.Say(Node.Bob, "3", "three"));
        }

        await using var forged = await ForgeAsync(stored => stored.SequenceNumber == 1, envelope => envelope.OnBehalfOf = "sip:mallory@example.org");
        await using var next = await Node.StartAsync(forged);
        var reply = await next.SendAsync(LedgerKind.Get(Node.Alice));
        Assert.Equal(UnavailableReason.RecoveryFailed, reply.Unavailable.Reason);
        Assert.Contains("SHA-256", reply.Unavailable.Detail);
        Assert.Equal(["three"], await next.WordsAsync(Node.Bob));
    }

    [Fact]
    public async Task An_event_that_this_program_does_not_know_stops_the_recovery()
    {
        var node = await Node.StartAsync(_journal);
        await node.SayAsync("1", "one");
        await node.DisposeAsync();

        await using var forged = await ForgeAsync(_ => true, envelope => envelope.Event.Ue.AffiliationsPublished.ClientId = "from the future");
        await using var next = await Node.StartAsync(forged);
        var reply = await next.SayAsync("2", "two");
        Assert.Equal(UnavailableReason.RecoveryFailed, reply.Unavailable.Reason);
        Assert.Contains("from the future", reply.Unavailable.Detail);
    }

    [Fact]
    public async Task What_lives_elsewhere_is_made_anew_before_open_effects_and_without_anybody_asking()
    {
        await using (var node = await Node.StartAsync(_journal))
        {
            await node.SayAsync("1", "resume");
            node.World.RefusesMedia = true;
            await node.SayAsync("2", "media>open");
        }

        await using var next = await Node.StartAsync(_journal);
        await Node.UntilAsync(() => next.World.Media.Count == 2, "both media effects");
        Assert.Equal([MediaEffect.BodyOneofCase.Open, MediaEffect.BodyOneofCase.SetTalkers], next.World.Media.Select(effect => effect.BodyCase));
        Assert.Equal($"{AliceId}/2/0", next.World.Media[1].EffectId);
        Assert.Equal("sip:alice@example.org", next.World.Media[0].Session);
    }

    [Fact]
    public async Task Resuming_again_has_other_effect_ids_each_time()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            await using var node = await Node.StartAsync(_journal);
            await node.SayAsync("1", "resume");
            await node.WordsAsync();
            await Node.UntilAsync(() => i == 0 || node.World.Media.Count == 1, "the resume effect");
            ids.UnionWith(node.World.Media.Select(effect => effect.EffectId));
            await node.Engine.StopAsync(default);
        }

        Assert.Equal(2, ids.Count);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_answered_journal_and_read_again_by_the_next_command()
    {
        var faulty = new FaultyJournal(_journal) { ReadsFail = true };
        await using var node = await Node.StartAsync(faulty);

        Assert.Equal(UnavailableReason.Journal, (await node.SayAsync("1", "one")).Unavailable.Reason);
        faulty.ReadsFail = false;
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));
    }

    /// <summary>A copy of the journal with some envelopes changed, as somebody with access to the file could do.</summary>
    private async Task<InMemoryJournal> ForgeAsync(Func<StoredEvent, bool> which, Action<EventEnvelope> change)
    {
        var forged = new InMemoryJournal();
        await foreach (var stored in _journal.ReadAllAsync(0, default))
        {
            Assert.True(stored.TryReadEnvelope(out var envelope));
            if (which(stored))
            {
                change(envelope);
            }

            await forged.AppendAsync(new JournalAppend(
                stored.PersistenceId, [new JournalRow(stored.SequenceNumber, envelope.ToByteArray(), [])], stored.Created, stored.WriterUuid, null));
        }

        return forged;
    }
}
