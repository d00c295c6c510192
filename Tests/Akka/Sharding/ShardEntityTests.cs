using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Akka.Routing;
using Mcptt.Actors.Akka.Sharding;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Sharding;

/// <summary>Keeper and entity with a probe in place of Akka's shard.</summary>
public sealed class ShardEntityTests : TestKit
{
    private const int Member = 7;
    private const int Shards = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ActorAddress Alice = ActorAddresses.Ue("sip:alice@example.org");
    private static readonly int Shard = ShardKey.ShardOf(Alice.Id, Shards);

    private readonly InMemoryJournal _journal = new();
    private readonly World _world = new();
    private readonly List<ShardNotice> _announced = [];
    private readonly ShardRouter _router;
    private readonly MemberLease _lease = new(TimeProvider.System, Patience * 10);
    private readonly MemberServices _services;
    private readonly TestProbe _shard;

    public ShardEntityTests()
        : base("akka.loglevel = WARNING")
    {
        var options = new AkkaOptions { NodeName = "one", Shards = Shards };
        _router = new ShardRouter(options.Lanes, TimeProvider.System, _ => { });
        var host = new ShardHost(
            new ActorKinds().Add(new LedgerKind()),
            _journal,
            new EngineOptions { IdleTime = TimeSpan.FromMilliseconds(100), SweepInterval = TimeSpan.FromMilliseconds(50) },
            _router,
            TimeProvider.System,
            NullLogger.Instance);
        host.Attach(_world, _world);
        _services = new MemberServices
        {
            Options = options,
            Host = host,
            Lease = _lease,
            Directory = new ShardDirectory(options, Member, _router, (_, _, _, _) => new((Reply?)null), _ => { }, TimeProvider.System),
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Self = Member,
            Announce = _announced.Add,
        };
        _shard = CreateTestProbe();
    }

    [Fact]
    public async Task A_keeper_runs_the_shard_from_its_start_and_tells_every_node_the_epoch()
    {
        var keeper = Keeper();
        keeper.Tell(Query(), TestActor);
        var notice = (await ExpectMsgAsync<NodeReply>(Patience)).Shard;

        Assert.Equal(((uint)Shard, Member), (notice.Shard, notice.Owner));
        Assert.Equal(notice, Assert.Single(_announced));
        Assert.NotNull((await _router.RouteAsync(LedgerKind.Say(Alice, "c1", "word"), CommandSource.Outside, CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task An_entity_puts_what_other_nodes_send_into_the_cell_and_refuses_what_is_meant_for_a_former_owner()
    {
        var epoch = await EpochAsync(Keeper());
        var entity = Entity();
        entity.Tell(Command("c1", epoch), TestActor);
        Assert.NotNull((await ExpectMsgAsync<NodeReply>(Patience)).Reply.Accepted);
        entity.Tell(Command("c2", epoch - 1), TestActor);

        Assert.Equal(UnavailableReason.Moved, (await ExpectMsgAsync<NodeReply>(Patience)).Reply.Unavailable?.Reason);
    }

    [Fact]
    public async Task An_actor_that_comes_back_by_itself_gets_its_entity_and_one_that_is_unloaded_passivates_it()
    {
        Keeper();
        await _router.RouteAsync(LedgerKind.Say(Alice, "c1", "word"), CommandSource.Outside, CancellationToken.None);
        Assert.Equal(Alice.PersistenceId(), (await _shard.ExpectMsgAsync<ShardRegion.StartEntity>(Patience)).EntityId);
        var gone = await _shard.ExpectMsgAsync<CellGone>(Patience);
        Entity().Tell(gone);

        Assert.IsType<HandOff>((await _shard.ExpectMsgAsync<Passivate>(Patience)).StopMessage);
    }

    [Fact]
    public async Task A_hand_off_finishes_what_is_under_way_before_the_keeper_stops()
    {
        var keeper = Keeper();
        await WatchAsync(keeper);
        _world.RefusesSip = true;
        Assert.NotNull((await _router.RouteAsync(LedgerKind.Say(Alice, "c1", "sip>bye"), CommandSource.Outside, CancellationToken.None)).Accepted);
        keeper.Tell(HandOff.Instance);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        _world.RefusesSip = false;
        await ExpectTerminatedAsync(keeper, Patience);

        Assert.Single(_world.Sip);
        Assert.Null(_services.Shards.Find(Shard));
    }

    [Fact]
    public async Task A_member_that_was_lost_finishes_nothing_and_says_nothing()
    {
        var keeper = Keeper();
        var epoch = await EpochAsync(keeper);
        _lease.Lose();
        Entity().Tell(Command("c1", epoch), TestActor);
        Assert.Equal(UnavailableReason.Moved, (await ExpectMsgAsync<NodeReply>(Patience)).Reply.Unavailable?.Reason);
        await WatchAsync(keeper);
        keeper.Tell(HandOff.Instance);
        await ExpectTerminatedAsync(keeper, Patience);

        Assert.Equal(0, await _journal.ReadLastOrderingAsync(CancellationToken.None));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _lease.Dispose();
            _router.Dispose();
        }
    }

    private static NodeRequest Query() => new() { Id = 1, Shard = new ShardQuery { Shard = (uint)Shard } };

    private static NodeRequest Command(string id, long epoch) =>
        new() { Id = 2, Command = new RoutedCommand { Command = LedgerKind.Say(Alice, id, "word"), Shard = (uint)Shard, Epoch = epoch } };

    private IActorRef Keeper() => _shard.ChildActorOf(Props.Create(() => new ShardKeeper(_services, Shard)));

    private IActorRef Entity() => _shard.ChildActorOf(Props.Create(() => new CellEntity(_services.Shards)));

    private async Task<long> EpochAsync(IActorRef keeper)
    {
        keeper.Tell(Query(), TestActor);
        return (await ExpectMsgAsync<NodeReply>(Patience)).Shard.Epoch;
    }
}
