using Google.Protobuf;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Mcptt.Testing.Postgres;

namespace Mcptt.Engines.Suite;

/// <summary>What every engine does. An engine joins by a class that derives from this one.</summary>
public abstract class EngineSuite : IAsyncLifetime
{
    private const string One = "one";

    private static readonly ActorAddress Alice = ActorAddresses.Ue("sip:alice@example.org");

    private readonly IEngineUnderTest _engine;

    private protected EngineSuite(IEngineUnderTest engine) => _engine = engine;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [SuiteFact]
    public async Task Commands_for_one_actor_are_done_in_the_order_in_which_they_were_sent()
    {
        var sink = await StartAsync();
        var replies = Enumerable.Range(0, 500).Select(number => SayAsync(sink, $"c{number}", $"{number}")).ToList();

        Assert.All(await Task.WhenAll(replies), reply => Assert.NotNull(reply.Accepted));
        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"{number}"), await WordsAsync(sink));
    }

    [SuiteFact]
    public async Task A_repeated_command_is_done_once_and_gets_its_first_reply_also_from_the_next_owner()
    {
        var said = LedgerKind.Make(Alice, "once", "said", "word");
        var sink = await StartAsync();
        var first = await sink.SendAsync(said.Clone(), CancellationToken.None);
        Assert.NotNull(first.Accepted);
        Assert.Equal(first, await sink.SendAsync(said.Clone(), CancellationToken.None));

        await _engine.CrashAsync(One);
        sink = await StartAsync();

        Assert.Equal(first, await sink.SendAsync(said.Clone(), CancellationToken.None));
        Assert.Equal(["word"], await WordsAsync(sink));
    }

    [SuiteFact]
    public async Task What_was_durable_when_the_node_died_before_its_answer_is_done_and_its_repetition_finds_it()
    {
        var sink = await StartAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.NotNull((await SayAsync(sink, $"c{i}", $"{i}")).Accepted);
        }

        _engine.Journal.Fault = JournalFault.WritesAndIsSilent;
        _ = SayAsync(sink, "c50", "50");
        await UntilAsync(() => _engine.Journal.Appends == 51);
        await _engine.CrashAsync(One);
        _engine.Journal.Fault = JournalFault.None;
        sink = await StartAsync();

        Assert.NotNull((await SayAsync(sink, "c50", "50")).Accepted);
        Assert.Equal(Enumerable.Range(0, 51).Select(number => $"{number}"), await WordsAsync(sink));
    }

    [SuiteFact]
    public async Task Who_gets_no_answer_in_time_is_told_so_and_may_ask_again()
    {
        var sink = await StartAsync(new EngineOptions { CommandDeadline = TimeSpan.FromMilliseconds(200) });
        _engine.Journal.Fault = JournalFault.Waits;

        Assert.Equal(UnavailableReason.Deadline, (await SayAsync(sink, "late", "word")).Unavailable?.Reason);
        _engine.Journal.Release();
        var reply = await SayAsync(sink, "late", "word");
        for (var i = 0; i < 100 && reply.Unavailable is { Reason: UnavailableReason.Deadline }; i++)
        {
            reply = await SayAsync(sink, "late", "word");
        }

        Assert.NotNull(reply.Accepted);
        Assert.Equal(["word"], await WordsAsync(sink));
    }

    [SuiteFact]
    public async Task A_full_mailbox_refuses_what_is_beyond_at_once_and_loses_nothing_else()
    {
        const int limit = 10;
        var sink = await StartAsync(new EngineOptions { MailboxLimit = limit, CommandDeadline = Patience });
        _engine.Journal.Fault = JournalFault.Waits;
        List<Task<Reply>> taken = [SayAsync(sink, "c0", "0")];
        await UntilAsync(() => _engine.Journal.Appends == 1);
        taken.AddRange(Enumerable.Range(1, limit).Select(number => SayAsync(sink, $"c{number}", $"{number}")));
        var refused = Enumerable.Range(0, 20).Select(number => SayAsync(sink, $"more{number}", "more")).ToList();

        Assert.All(await Task.WhenAll(refused), reply => Assert.Equal(UnavailableReason.Overloaded, reply.Unavailable?.Reason));
        _engine.Journal.Release();
        Assert.All(await Task.WhenAll(taken), reply => Assert.NotNull(reply.Accepted));
        Assert.Equal(Enumerable.Range(0, limit + 1).Select(number => $"{number}"), await WordsAsync(sink));
    }

    [SuiteFact]
    public async Task An_idle_actor_leaves_the_memory_and_its_next_command_finds_its_state()
    {
        var engine = await StartAsync(new EngineOptions { IdleTime = TimeSpan.FromMilliseconds(50), SweepInterval = TimeSpan.FromMilliseconds(20), CommandDeadline = Patience });
        Assert.NotNull((await SayAsync(engine, "c1", "word")).Accepted);
        await UntilAsync(() => engine.Metrics.Unloaded > 0);

        Assert.NotNull((await SayAsync(engine, "c2", "more")).Accepted);
        Assert.Equal(["word", "more"], await WordsAsync(engine));
    }

    [SuiteFact]
    public async Task A_timer_fires_once_although_its_node_dies_before()
    {
        var sink = await StartAsync();
        var due = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1)).Ticks / TimeSpan.TicksPerMicrosecond;
        Assert.NotNull((await sink.SendAsync(LedgerKind.Make(Alice, "t", "timer", $"t@{due}"), CancellationToken.None)).Accepted);
        await _engine.CrashAsync(One);
        var next = await StartAsync();

        // Nobody asks for the actor: it comes back by itself.
        await UntilAsync(() => next.Metrics.Timers == 1);
        Assert.Equal([$"fired:t@{due}"], await WordsAsync(next));
    }

    [SuiteFact]
    public async Task An_effect_is_handed_over_although_the_node_dies_before_the_port_takes_it()
    {
        _engine.World.RefusesSip = true;
        var sink = await StartAsync();
        Assert.NotNull((await SayAsync(sink, "c1", "sip>bye")).Accepted);
        await _engine.CrashAsync(One);
        Assert.Empty(_engine.World.Sip);
        _engine.World.RefusesSip = false;
        await StartAsync();
        await UntilAsync(() => _engine.World.Sip.Count > 0);

        Assert.Single(_engine.World.Sip.Select(effect => effect.EffectId).Distinct());
    }

    [SuiteFact]
    public async Task What_one_actor_tells_another_is_done_once()
    {
        var sink = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await SayAsync(sink, $"tell{i}", $"tell>sip:told{i}@example.org>heard");
        }

        for (var i = 0; i < 20; i++)
        {
            var told = ActorAddresses.Ue($"sip:told{i}@example.org");
            var start = TimeProvider.System.GetTimestamp();
            while ((await WordsAsync(sink, told)).Count == 0)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "the told one heard nothing");
                await Task.Delay(5);
            }

            Assert.Equal(["heard"], await WordsAsync(sink, told));
        }
    }

    [SuiteFact]
    public async Task An_event_that_this_program_does_not_know_keeps_its_actor_out_and_no_other()
    {
        // As a newer program wrote it: a body that is no field here.
        var future = new EventEnvelope { Event = DomainEvent.Parser.ParseFrom([0xBA, 0x3E, 0x00]) };
        await _engine.Journal.AppendAsync(new JournalAppend(Alice.PersistenceId(), [new JournalRow(1, future.ToByteArray(), [])], DateTimeOffset.UnixEpoch, "newer", new LiveMark(0, 0)));
        var sink = await StartAsync();

        Assert.Equal(UnavailableReason.RecoveryFailed, (await SayAsync(sink, "c1", "word")).Unavailable?.Reason);
        Assert.NotNull((await sink.SendAsync(LedgerKind.Say(ActorAddresses.Ue("sip:bob@example.org"), "c2", "word"), CancellationToken.None)).Accepted);
        Assert.Equal(UnavailableReason.RecoveryFailed, (await SayAsync(sink, "c1", "word")).Unavailable?.Reason);
    }

    [SuiteFact]
    public async Task A_command_that_this_program_does_not_know_is_not_decided()
    {
        var sink = await StartAsync();
        var reply = await sink.SendAsync(new Command { CommandId = "future", To = Alice }, CancellationToken.None);

        Assert.Equal(UnavailableReason.RecoveryFailed, reply.Unavailable?.Reason);
        Assert.Empty(await WordsAsync(sink));
    }

    private protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    private protected static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "waited in vain");
            await Task.Delay(2);
        }
    }

    private Task<IEngine> StartAsync(EngineOptions? options = null) => _engine.StartAsync(One, options ?? new EngineOptions { CommandDeadline = Patience });

    private static Task<Reply> SayAsync(ICommandSink sink, string commandId, string word) => sink.SendAsync(LedgerKind.Say(Alice, commandId, word), CancellationToken.None).AsTask();

    private static async Task<IReadOnlyList<string>> WordsAsync(ICommandSink sink, ActorAddress? of = null)
    {
        var reply = await sink.SendAsync(LedgerKind.Get(of ?? Alice), CancellationToken.None);
        return reply.Accepted is { } accepted ? accepted.Ue.ImplicitGroupIds : throw new InvalidOperationException(reply.ToString());
    }
}
