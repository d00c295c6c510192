using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Ledger;

/// <summary>A local engine with ledgers over a journal that outlives it, so that a test can crash it and start the next one.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Node(LocalEngine engine, World world)
    {
        Engine = engine;
        World = world;
    }

    public LocalEngine Engine { get; }

    public World World { get; }

    public static ActorAddress Alice { get; } = ActorAddresses.Ue("sip:alice@example.org");

    public static ActorAddress Bob { get; } = ActorAddresses.Ue("sip:bob@example.org");

    public static async Task<Node> StartAsync(IJournal journal, TimeProvider? time = null, EngineOptions? options = null, World? world = null, ILoggerFactory? log = null)
    {
        world ??= new World();
        var engine = new LocalEngine(
            new ActorKinds().Add(new LedgerKind()), journal, options ?? new EngineOptions(), time ?? TimeProvider.System, log ?? NullLoggerFactory.Instance);
        engine.Attach(world, world);
        await engine.StartAsync(CancellationToken.None);
        return new Node(engine, world);
    }

    public static FakeClock Clock() => new();

    public async Task<Reply> SendAsync(Command command) => await Engine.SendAsync(command, CancellationToken.None);

    public Task<Reply> SayAsync(string commandId, params string[] words) => SendAsync(LedgerKind.Say(Alice, commandId, words));

    public async Task<IReadOnlyList<string>> WordsAsync(ActorAddress? of = null)
    {
        var reply = await SendAsync(LedgerKind.Get(of ?? Alice));
        Assert.Equal(Reply.OutcomeOneofCase.Accepted, reply.OutcomeCase);
        return [.. reply.Accepted.Ue.ImplicitGroupIds];
    }

    /// <summary>Waits for what other threads do; a test that waits too long fails with what it waited for.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain for: {what}");
            await Task.Delay(2);
        }
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
