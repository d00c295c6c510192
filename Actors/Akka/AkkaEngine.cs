using System.Net.Sockets;
using Akka.Actor;
using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka;

/// <summary>
/// The engine for sites that run Akka.NET clusters: Akka.Cluster.Sharding places the shards, Akka.Remote carries commands and effects, and the split-brain resolver says who goes
/// on. The journal, which all nodes share, guards what is written. A node that lost its membership stops its actors and joins again as a new member.
/// </summary>
public sealed class AkkaEngine : IEngine, INodeLinks
{
    private readonly AkkaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NodeWatch _watch;
    private readonly EffectRouter _effects;
    private readonly ShardRouter _router;
    private readonly ShardHost _host;
    private readonly CancellationTokenSource _stopping = new();
    private volatile ClusterMembership? _membership;
    private volatile string _absence = "it joins";
    private volatile bool _leaves;
    private Task _running = Task.CompletedTask;

    public AkkaEngine(ActorKinds kinds, IJournal journal, AkkaOptions akka, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _time) = (akka with { Started = akka.Started == default ? time.GetUtcNow() : akka.Started }, time);
        _logger = loggers.CreateLogger<AkkaEngine>();
        _router = new ShardRouter(akka.Lanes, time, Lost);
        _watch = new NodeWatch(akka.NodeGrace, akka.JoinGrace, time, NodesChanged);
        _effects = new EffectRouter(akka.NodeName, akka.EdgeGrace, this, _router, _watch, time);
        _host = new ShardHost(kinds, journal, options, _router, time, _logger, _watch);
        _host.Attach(_effects, _effects);
    }

    public EngineMetrics Metrics => _host.Metrics;

    public string Run => _options.Run;

    /// <summary>Whether this node is a member of the cluster now: otherwise nothing is decided here.</summary>
    public bool IsMember => _membership is { IsHeld: true };

    public string Failure => IsMember ? "" : $"node {_options.NodeName} is no member of the Akka cluster: {_absence}";

    /// <summary>Shards that this node runs.</summary>
    public IReadOnlyList<int> OwnedShards => _membership is { } membership ? [.. membership.Shards.All.Select(shard => shard.Id).Order()] : [];

    /// <summary>HOST:PORT by which other nodes find this one.</summary>
    public string Address => _membership?.Address is { } address ? $"{address.Host}:{address.Port}" : "";

    internal ClusterMembership? Membership => _membership;

    private bool IsStopping => _leaves || _stopping.IsCancellationRequested;

    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _effects.Attach(sip, media);

    /// <summary>Ends when the node is a member. Its shards come to it by and by. Throws <see cref="IOException"/> when it cannot listen, or finds no cluster.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _host.Journal.OpenAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.JoinTime);
        try
        {
            var membership = await JoinAsync(AkkaAddresses.Parse(_options), limit.Token);
            _membership = membership;
            _effects.Joined();
            _running = RunAsync(membership);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"no cluster was found within {_options.JoinTime.TotalSeconds:F0} s: no seed node ({string.Join(", ", _options.SeedNodes)}) answered, and only the first of them may begin one");
        }
    }

    /// <summary>A node that is no member refuses at once: whoever asks finds another one.</summary>
    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken) =>
        IsMember
            ? _router.RouteAsync(command, CommandSource.Outside, cancellationToken)
            : new(RouteReplies.Unavailable(IsStopping ? UnavailableReason.Stopping : UnavailableReason.Journal, Failure));

    /// <summary>Hands every shard off, each finished first; then waits until the media sessions here have moved. The node stays a member, and commands for its former shards go to their next owners.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_membership is { IsHeld: true } membership)
        {
            try
            {
                await membership.DrainAsync(cancellationToken);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(_options.MediaLeaveTime);
                await _effects.EmptiedAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _logger.LogWarning("Not every shard was handed over before the stop; the rest is sent again by the next owner");
            }
        }

        await _host.Journal.FlushAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        _leaves = true;
        if (_membership is { IsHeld: true } membership)
        {
            try
            {
                await membership.LeaveAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _logger.LogWarning("Node {Node} did not leave the cluster in time; the others find out that it is silent", _options.NodeName);
            }
        }

        await EndAsync();
    }

    /// <summary>After a drain: leaves, and joins again as a new member that takes shards.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_membership is { } membership)
        {
            await membership.LeaveAsync(cancellationToken);
        }
    }

    /// <summary>What an operator wants happens by and by. False: this node is no member now.</summary>
    internal bool Order(bool draining)
    {
        if (_membership is not { IsHeld: true } membership || IsStopping)
        {
            return false;
        }

        if (membership.Drains != draining)
        {
            _ = FollowAsync(draining);
        }

        return true;
    }

    private async Task FollowAsync(bool draining)
    {
        try
        {
            await (draining ? DrainAsync(_stopping.Token) : ResumeAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The node stops, which is more than it was told to do.
        }
    }

    IReadOnlyList<ClusterMember> INodeLinks.Members => _membership?.View.Nodes ?? [];

    ValueTask<NodeReply?> INodeLinks.SendAsync(ClusterMember member, NodeRequest request) =>
        _membership is { IsHeld: true } membership && member is MemberNode node ? membership.AskAsync(node, request) : new((NodeReply?)null);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _watch.Dispose();
        _router.Dispose();
        _host.Dispose();
        _stopping.Dispose();
    }

    private async Task EndAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
        }

        await _running;
    }

    private async Task RunAsync(ClusterMembership first)
    {
        for (var membership = first; membership is not null;)
        {
            await membership.Ended.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var others = membership.View.Nodes.Where(node => node.Uid != membership.Self).Select(node => node.Node.Path.Address).ToList();
            await EndAsync(membership);
            membership = IsStopping ? null : await JoinAgainAsync(membership.Address, others);
        }
    }

    private async Task EndAsync(ClusterMembership membership)
    {
        _absence = IsStopping ? "it stops" : "it was downed, or stood still for too long; it joins again";
        if (!IsStopping)
        {
            _logger.LogWarning("Node {Node} is no member of the cluster any more and stops its actors", _options.NodeName);
            membership.Down();
        }

        await membership.DisposeAsync();
        _membership = null;
    }

    /// <summary>Never begins a cluster beside the one that goes on without it, while there was anybody else.</summary>
    private async Task<ClusterMembership?> JoinAgainAsync(Address own, List<Address> others)
    {
        var seeds = others.Concat(AkkaAddresses.Parse(_options)).Where(address => address != own).Distinct().ToList();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_options.RejoinWait, _time, _stopping.Token);
                var membership = await JoinAsync(seeds, _stopping.Token);
                _membership = membership;
                _effects.Joined();
                return membership;
            }
            catch (Exception failure)
            {
                // The port is not free yet, or this node is stopping: whichever, it tries again until it is told not to.
                _absence = failure.Message;
                _logger.LogWarning("Node {Node} could not join the cluster again: {Reason}", _options.NodeName, failure.Message);
            }
        }

        return null;
    }

    private async Task<ClusterMembership> JoinAsync(IReadOnlyList<Address> seeds, CancellationToken cancellationToken)
    {
        try
        {
            _watch.Joined();
            var membership = await ClusterMembership.JoinAsync(_options, seeds, _host, _router, _effects, new MemberEvents(Seen, Order), _time, _logger, cancellationToken);
            _logger.LogInformation("Node {Node} is member {Uid} of the cluster, at {Address}", _options.NodeName, membership.Self, membership.Address);
            return membership;
        }
        catch (Exception failure) when (SocketFailure(failure) is { } socket)
        {
            throw new IOException($"Akka.Remote cannot listen on {_options.Host}:{_options.Port}: {socket.Message}", socket);
        }
    }

    private static SocketException? SocketFailure(Exception? failure) =>
        failure switch
        {
            null => null,
            SocketException socket => socket,
            AggregateException many => many.InnerExceptions.Select(SocketFailure).FirstOrDefault(found => found is not null),
            _ => SocketFailure(failure.InnerException),
        };

    private void Seen(MemberView view)
    {
        if (_watch.Update(view.Nodes))
        {
            NodesChanged();
        }
    }

    private void NodesChanged()
    {
        foreach (var shard in _membership?.Shards.All ?? [])
        {
            shard.Actors.NodesChanged();
        }
    }

    private void Lost(int shard) => _membership?.Lost(shard);
}
