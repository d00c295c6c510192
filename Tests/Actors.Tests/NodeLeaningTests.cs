using System.Collections.Concurrent;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests;

/// <summary>An actor that leans on a node hears what becomes of it.</summary>
public sealed class NodeLeaningTests : IAsyncDisposable, ICommandRouter, INodeWatch
{
    private readonly InMemoryJournal _journal = new();
    private readonly FakeClock _clock = Node.Clock();
    private readonly Lease _lease = new();
    private readonly ConcurrentDictionary<NodeRun, NodeFate> _fates = new();
    private ShardHost _host;
    private ActorShard _shard;

    public NodeLeaningTests() => (_host, _shard) = Make();

    [Fact]
    public async Task A_loaded_actor_is_told_once_that_its_node_is_lost()
    {
        await StartAsync();
        await SayAsync("1", "resume", "lean>m1>r1");
        await Become("m1", "r1", NodeFate.Lost);

        Assert.Equal(["resume", "lean>m1>r1", "Lost m1 r1"], await WordsAsync());
        await Become("m1", "r1", NodeFate.Lost);
        await Become("m2", "r1", NodeFate.Lost);
        Assert.Equal(3, (await WordsAsync()).Count);
    }

    [Fact]
    public async Task An_actor_that_comes_to_lean_on_a_lost_node_is_told_with_the_same_turn()
    {
        await StartAsync();
        await Become("m1", "r1", NodeFate.Lost);
        await SayAsync("1", "resume", "lean>m1>r1");
        await _shard.IdleAsync();

        Assert.Equal("Lost m1 r1", (await WordsAsync())[^1]);
    }

    [Fact]
    public async Task The_next_owner_of_its_shard_tells_an_actor_whose_node_died_meanwhile()
    {
        await StartAsync();
        await SayAsync("1", "resume", "sip>now", "lean>m1>r1");
        await _shard.DisposeAsync();
        _fates[new NodeRun("m1", "r1")] = NodeFate.Lost;
        (_host, _shard) = Make();
        await StartAsync();
        await _shard.IdleAsync();

        Assert.Equal("Lost m1 r1", (await WordsAsync())[^1]);
    }

    [Fact]
    public async Task Another_run_of_the_node_is_another_node()
    {
        await StartAsync();
        await SayAsync("1", "resume", "lean>m1>r1");
        await Become("m1", "r0", NodeFate.Lost);
        Assert.Equal(2, (await WordsAsync()).Count);
    }

    [Fact]
    public async Task A_node_that_is_to_be_emptied_is_told_again_when_it_was_well_in_between_and_once_more_when_it_is_lost()
    {
        await StartAsync();
        await SayAsync("1", "resume", "lean>m1>r1");
        await Become("m1", "r1", NodeFate.Draining);
        await Become("m1", "r1", NodeFate.Draining);
        await Become("m1", "r1", null);
        await SayAsync("2", "between");
        await Become("m1", "r1", NodeFate.Draining);
        await Become("m1", "r1", NodeFate.Lost);

        Assert.Equal(["Draining m1 r1", "between", "Draining m1 r1", "Lost m1 r1"], (await WordsAsync()).Skip(2));
    }

    [Fact]
    public async Task What_the_journal_would_not_take_is_told_again_by_the_sweep()
    {
        var journal = new FaultyJournal(_journal);
        (_host, _shard) = Make(journal);
        await StartAsync();
        await SayAsync("1", "resume", "lean>m1>r1");
        journal.Fault = JournalFault.Overloaded;
        await Become("m1", "r1", NodeFate.Lost);
        journal.Fault = JournalFault.None;
        _clock.Advance(_host.Options.SweepInterval);
        await Node.UntilAsync(() => _host.Metrics.Events == 3, "the loss to be told");
    }

    [Fact]
    public async Task A_node_that_lost_the_shard_tells_nothing()
    {
        await StartAsync();
        await SayAsync("1", "resume", "lean>m1>r1");
        _lease.IsHeld = false;
        await Become("m1", "r1", NodeFate.Lost);
        Assert.Equal(2, _host.Metrics.Events);
    }

    [Fact]
    public async Task The_only_node_there_is_is_never_lost()
    {
        using var host = new ShardHost(new ActorKinds().Add(new LedgerKind()), _journal, new EngineOptions(), this, _clock, NullLogger.Instance);
        await using var shard = new ActorShard(host, SoleOwner.Instance);
        await shard.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);
        await shard.SendAsync(LedgerKind.Say(Node.Alice, "1", "resume", "lean>gone>r1"), CommandSource.Outside, CancellationToken.None);
        shard.NodesChanged();
        await shard.IdleAsync();
        Assert.Equal(2, host.Metrics.Events);
    }

    public NodeFate? FateOf(NodeRun node) => _fates.TryGetValue(node, out var fate) ? fate : null;

    public ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken) => _shard.SendAsync(command, source, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _shard.DisposeAsync();
        _host.Dispose();
    }

    private (ShardHost Host, ActorShard Shard) Make(IJournal? journal = null)
    {
        var host = new ShardHost(new ActorKinds().Add(new LedgerKind()), journal ?? _journal, new EngineOptions(), this, _clock, NullLogger.Instance, this);
        var world = new World();
        host.Attach(world, world);
        return (host, new ActorShard(host, _lease));
    }

    private async Task Become(string node, string run, NodeFate? fate)
    {
        if (fate is { } known)
        {
            _fates[new NodeRun(node, run)] = known;
        }
        else
        {
            _fates.TryRemove(new NodeRun(node, run), out _);
        }

        _shard.NodesChanged();
        await _shard.IdleAsync();
    }

    private Task StartAsync() => _shard.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);

    private async Task SayAsync(string commandId, params string[] words) =>
        Assert.NotNull((await _shard.SendAsync(LedgerKind.Say(Node.Alice, commandId, words), CommandSource.Outside, CancellationToken.None)).Accepted);

    private async Task<IReadOnlyList<string>> WordsAsync() =>
        [.. (await _shard.SendAsync(LedgerKind.Get(Node.Alice), CommandSource.Outside, CancellationToken.None)).Accepted.Ue.ImplicitGroupIds];

    private sealed class Lease : IShardLease
    {
        public bool IsHeld { get; set; } = true;
    }
}
