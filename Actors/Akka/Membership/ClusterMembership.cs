using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Mcptt.Actors.Akka.Routing;
using Mcptt.Actors.Akka.Sharding;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>
/// One membership of this node in the cluster, with the actor system that has it. A node that was downed, or stood still for too long, never comes back as the same member: its
/// actor system ends, and a new membership begins with another one.
/// </summary>
internal sealed class ClusterMembership : IAsyncDisposable
{
    private const string Region = "mcptt";

    // Of an actor system that ends by itself or on demand. One that does not is left behind: it speaks for nothing any more.
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system;
    private readonly Cluster _cluster;
    private readonly MemberLease _lease;
    private readonly NodeLinks _links;
    private readonly AttemptTimes _attempts;
    private readonly ShardExtractor _extractor;
    private readonly ILogger _logger;
    private MemberServices? _services;
    private volatile IActorRef _region = ActorRefs.Nobody;
    private bool _hasShards;
    private volatile bool _drains;
    private volatile MemberView _view = MemberView.Empty;

    private ClusterMembership(ActorSystem system, AkkaOptions options, TimeProvider time, ILogger logger)
    {
        (_system, _logger) = (system, logger);
        _cluster = Cluster.Get(system);
        _lease = new MemberLease(time, AkkaConfiguration.LongestPause(system.Settings.Config));
        _links = new NodeLinks(options.AttemptTime, time);
        _attempts = new AttemptTimes(options.Shards, options.AttemptTime, options.CommandDeadline);
        _extractor = new ShardExtractor(options.Shards);
    }

    public bool IsHeld => _lease.IsHeld;

    /// <summary>It gives its shards away, or has given them away.</summary>
    public bool Drains => _drains;

    /// <summary>Members as this node last saw them.</summary>
    public MemberView View => _view;

    public RunningShards Shards => _services!.Shards;

    public ShardDirectory Directory => _services!.Directory;

    public ActorSystem System => _system;

    public IActorRef ShardRegion => _region;

    public Address Address => _cluster.SelfAddress;

    public int Self => _cluster.SelfUniqueAddress.Uid;

    /// <summary>Ends when this node is a member no more.</summary>
    public Task Ended => Task.WhenAny(_lease.Lost, _system.WhenTerminated);

    /// <param name="seeds">By which the cluster is found; empty: the site's HOCON says how, or this node begins one.</param>
    /// <param name="host">What all shards of the node share.</param>
    /// <param name="router">Is told who owns which shard.</param>
    public static async Task<ClusterMembership> JoinAsync(
        AkkaOptions options, IReadOnlyList<Address> seeds, ShardHost host, ShardRouter router, EffectRouter effects, MemberEvents events, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var config = AkkaConfiguration.Of(options, host.Options);
        var system = ActorSystem.Create(options.SystemName, BootstrapSetup.Create().WithConfig(config).And(new AkkaLog.Target(logger)));
        var membership = new ClusterMembership(system, options, time, logger);
        try
        {
            await membership.BecomeUpAsync(seeds, options, cancellationToken);
            membership.CheckShards(options.Shards);
            await membership.BeginAsync(options, host, router, effects, events, time);
            return membership;
        }
        catch
        {
            await membership.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hands every shard off, each finished first. What is sent goes on by a proxy, as from a node that never had shards.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _drains = true;
        if (_hasShards)
        {
            _hasShards = false;
            var region = _region;
            _region = await ClusterSharding.Get(_system).StartProxyAsync(Region, AkkaRoles.Actors, _extractor);
            var ended = region.WatchAsync(cancellationToken);
            region.Tell(GracefulShutdown.Instance);
            await ended;
        }
    }

    /// <summary>Leaves the cluster, and hands the shards off before where that was not done.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken) =>
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(cancellationToken);

    /// <summary>Like a crash, unless it has left before: the others find out that this node is silent.</summary>
    public async ValueTask DisposeAsync()
    {
        _lease.Dispose();
        _services?.Directory.Close();
        await _system.Terminate().WaitAsync(EndTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var shard in _services?.Shards.All ?? [])
        {
            await shard.DisposeAsync();
        }

        if (!_system.WhenTerminated.IsCompleted)
        {
            _logger.LogWarning("The actor system did not end within {Time}; it is left behind", EndTime);
        }
    }

    public ValueTask<NodeReply?> AskAsync(MemberNode node, NodeRequest request) => _links.AskAsync(node.Node, request);

    /// <summary>The owner of a shard did not answer, or is not it.</summary>
    public void Lost(int shard) => _links.Self.Tell(new NodeActor.LostShard(shard));

    /// <summary>Tells the others that this member is over, so that they need not find out.</summary>
    public void Down() => _cluster.Down(_cluster.SelfAddress);

    private async Task BecomeUpAsync(IReadOnlyList<Address> seeds, AkkaOptions options, CancellationToken cancellationToken)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.RegisterOnMemberUp(up.SetResult);
        if (seeds.Count > 0)
        {
            await _cluster.JoinSeedNodesAsync(seeds, cancellationToken);
        }
        else if (options.BeginsAlone)
        {
            await _cluster.JoinAsync(_cluster.SelfAddress, cancellationToken);
        }

        await up.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Two nodes that count shards differently would both run the same actors.</summary>
    private void CheckShards(int shards)
    {
        var other = _cluster.State.Members.Where(member => member.Status == MemberStatus.Up)
            .Select(member => MemberNode.Of(member, 0, null, (ExtendedActorSystem)_system))
            .FirstOrDefault(member => member.Shards != shards);
        if (other is not null)
        {
            _cluster.Leave(_cluster.SelfAddress);
            throw new JournalOpenException($"this cluster has {other.Shards} shards and the configuration says {shards}: all nodes count alike; configure {other.Shards}");
        }
    }

    private async Task BeginAsync(AkkaOptions options, ShardHost host, ShardRouter router, EffectRouter effects, MemberEvents events, TimeProvider time)
    {
        var directory = new ShardDirectory(options, Self, router, SendAsync, Ask, time);
        var services = new MemberServices { Options = options, Host = host, Lease = _lease, Directory = directory, Time = time, Logger = _logger, Self = Self, Announce = Announce };
        _services = services;
        _lease.Start();
        _cluster.RegisterOnMemberRemoved(_lease.Lose);
        var duties = new NodeDuties(Self, _lease, directory, _links, effects, () => _view, view => See(view, events.Seen), () => _drains, events.Ordered, options.Lanes.LaneRetry * 4, options.TellInterval);
        _links.Self = _system.ActorOf(Props.Create(() => new NodeActor(duties)), NodeActor.Name);
        var sharding = ClusterSharding.Get(_system);
        _hasShards = options.Roles.Contains(AkkaRoles.Actors);
        _region = _hasShards
            ? await sharding.StartAsync(
                Region,
                entity => Akka.Sharding.ShardExtractor.IsKeeper(entity, out var shard) ? Props.Create(() => new ShardKeeper(services, shard)) : Props.Create(() => new CellEntity(services.Shards)),
                ClusterShardingSettings.Create(_system).WithRole(AkkaRoles.Actors),
                _extractor,
                ShardAllocationStrategy.LeastShardAllocationStrategy(absoluteLimit: options.Shards, relativeLimit: 1.0),
                HandOff.Instance)
            : await sharding.StartProxyAsync(Region, AkkaRoles.Actors, _extractor);
    }

    private async ValueTask<Reply?> SendAsync(uint shard, Command command, long epoch, bool fromActor)
    {
        var request = new NodeRequest { Command = new RoutedCommand { Command = command, Shard = shard, Epoch = epoch, FromActor = fromActor } };
        var limit = _attempts.Of(shard, epoch);
        var reply = await _links.AskAsync(_region, request, limit);
        if (reply is null)
        {
            _attempts.Silent(shard, epoch, limit);
        }
        else
        {
            _attempts.Answered(shard, epoch);
        }

        return reply?.Reply;
    }

    private void Ask(uint shard) => _region.Tell(new NodeRequest { Shard = new ShardQuery { Shard = shard } }, _links.Self);

    private void See(MemberView view, Action<MemberView> seen)
    {
        _view = view;
        seen(view);
    }

    private void Announce(ShardNotice notice)
    {
        foreach (var node in _view.Nodes.Where(node => node.Uid != notice.Owner))
        {
            node.Node.Tell(new NodeReply { Shard = notice }, _links.Self);
        }
    }
}

/// <summary>What a membership tells its engine.</summary>
/// <param name="Seen">Who is a member now.</param>
/// <param name="Ordered">An operator wants this node to drain, or to take shards again; the answer says whether it does.</param>
internal sealed record MemberEvents(Action<MemberView> Seen, Func<bool, bool> Ordered);
