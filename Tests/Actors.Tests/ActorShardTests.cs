using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests;

public sealed class ActorShardTests : IAsyncDisposable, ICommandRouter
{
    private readonly InMemoryJournal _journal = new();
    private readonly World _world = new();
    private readonly Lease _lease = new();
    private readonly ShardHost _host;
    private readonly ActorShard _shard;

    public ActorShardTests()
    {
        _host = new ShardHost(new ActorKinds().Add(new LedgerKind()), _journal, new EngineOptions(), this, TimeProvider.System, NullLogger.Instance);
        _host.Attach(_world, _world);
        _shard = new ActorShard(_host, _lease);
    }

    [Fact]
    public async Task A_shard_that_is_not_owned_any_more_answers_nothing_and_hands_nothing_over()
    {
        await StartAsync();
        _world.RefusesSip = true;
        await SayAsync("1", "sip>late");
        await Node.UntilAsync(() => _host.Metrics.EffectRetries >= 1, "an attempt");

        _lease.IsHeld = false;
        _world.RefusesSip = false;

        Assert.Equal(UnavailableReason.Moved, (await SayAsync("2", "word")).Unavailable.Reason);
        Assert.Equal(UnavailableReason.Moved, (await SendAsync(LedgerKind.Get(Node.Alice))).Unavailable.Reason);
        await Task.Delay(_host.Options.RetryFirst * 4);
        Assert.Empty(_world.Sip);
    }

    [Fact]
    public async Task Once_disposed_its_actors_are_not_counted_any_more_and_the_next_owner_goes_on()
    {
        await StartAsync();
        await SayAsync("1", "first");
        Assert.Equal(1, _host.Loaded);
        await _shard.DisposeAsync();
        Assert.Equal(0, _host.Loaded);
        Assert.Equal(UnavailableReason.Stopping, (await SayAsync("2", "second")).Unavailable.Reason);

        await using var next = new ActorShard(_host, SoleOwner.Instance);
        await next.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);
        var reply = await next.SendAsync(LedgerKind.Get(Node.Alice), CommandSource.Outside, CancellationToken.None);
        Assert.Equal(["first"], reply.Accepted.Ue.ImplicitGroupIds);
    }

    [Fact]
    public async Task Two_shards_of_one_node_share_the_bound_on_loaded_actors()
    {
        using var host = new ShardHost(
            new ActorKinds().Add(new LedgerKind()), _journal, new EngineOptions { LoadedLimit = 1 }, this, TimeProvider.System, NullLogger.Instance);
        await using var one = new ActorShard(host, SoleOwner.Instance);
        await using var other = new ActorShard(host, SoleOwner.Instance);
        await one.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);
        await other.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);

        var first = await one.SendAsync(LedgerKind.Say(Node.Alice, "1", "word"), CommandSource.Outside, CancellationToken.None);
        var second = await other.SendAsync(LedgerKind.Say(Node.Bob, "2", "word"), CommandSource.Outside, CancellationToken.None);

        Assert.NotNull(first.Accepted);
        Assert.Equal(UnavailableReason.Overloaded, second.Unavailable.Reason);
    }

    public ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken) =>
        _shard.SendAsync(command, source, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _shard.DisposeAsync();
        _host.Dispose();
    }

    private Task StartAsync() => _shard.StartAsync(_journal.ReadLiveAsync("", "", CancellationToken.None), CancellationToken.None);

    private Task<Reply> SayAsync(string commandId, params string[] words) => SendAsync(LedgerKind.Say(Node.Alice, commandId, words));

    private async Task<Reply> SendAsync(Command command) => await _shard.SendAsync(command, CommandSource.Outside, CancellationToken.None);

    private sealed class Lease : IShardLease
    {
        private volatile bool _held = true;

        public bool IsHeld
        {
            get => _held;
            set => _held = value;
        }
    }
}
