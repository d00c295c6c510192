using System.Diagnostics;
using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Cluster.Placement;
using Mcptt.Actors.Cluster.Streams;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Cluster;

/// <summary>
/// The engine for several nodes that share nothing but a PostgreSQL database: it tells who lives, who owns which shard, and keeps the journal whose unique
/// key guards what is written.
/// </summary>
public sealed class PostgresEngine : IEngine, INodeRequests
{
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NpgsqlDataSource _database;
    private readonly ClusterTables _tables;
    private readonly NodeListener _listener;
    private readonly NodeStreams _streams;
    private readonly NodeWatch _watch;
    private readonly EffectRouter _effects;
    private readonly ShardRouter _router;
    private readonly ShardHost _host;
    private readonly ShardKeeper _keeper;
    private readonly Rehearsal _rehearsal;
    private readonly NodeCertificates? _certificates;
    private readonly ClusterMetrics _metrics;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NodeLease? _lease;
    private volatile string _absence = "it joins";
    private Task _running = Task.CompletedTask;

    public PostgresEngine(
        ActorKinds kinds, IJournal journal, ClusterOptions cluster, EngineOptions options, NodeCertificates? certificates, TimeProvider time, ILoggerFactory loggers)
    {
        _options = cluster;
        _time = time;
        _logger = loggers.CreateLogger<PostgresEngine>();
        _database = new ClusterSessions(cluster).ForTables();
        _tables = new ClusterTables(_database);
        _listener = new NodeListener(cluster, certificates, this, _logger);
        _streams = new NodeStreams(cluster, certificates, time, _logger);
        _router = new ShardRouter(cluster.Lanes, time, _ => Changed());
        _watch = new NodeWatch(cluster.NodeGrace, cluster.JoinGrace, time, NodesChanged);
        _effects = new EffectRouter(cluster.NodeName, cluster.EdgeGrace, _streams, _router, _watch, time);
        _host = new ShardHost(kinds, journal, options, _router, time, _logger, _watch);
        _host.Attach(_effects, _effects);
        _certificates = certificates;
        _rehearsal = new Rehearsal(kinds, journal, options, time);
        _metrics = new ClusterMetrics(options.Meters, time);
        _keeper = new ShardKeeper(cluster, _host, _tables, _router, _metrics, Changed, _logger);
        _metrics.Watch(this, () => _lease?.Left ?? TimeSpan.Zero, () => _keeper.Owned.Count(owned => owned.IsMoving), _streams.Waiting);
        _metrics.WatchLanes(_router.Waiting);
    }

    public EngineMetrics Metrics => _host.Metrics;

    public string Run => _options.Run;

    /// <summary>Nodes and shards as this node last saw them.</summary>
    public ClusterView View => _streams.View;

    /// <summary>Whether the database knows this node as living: false while it is away, and then nothing is decided here.</summary>
    public bool IsMember => _lease is { IsHeld: true };

    public string Failure => IsMember ? "" : $"node {_options.NodeName} is no member of the cluster: {_absence}";

    /// <summary>Shards that this node runs.</summary>
    public IReadOnlyList<int> OwnedShards => [.. _keeper.Owned.Select(owned => owned.Id).Order()];

    /// <summary>Actors of this node's shards that wait for their earliest timer, in memory or not.</summary>
    public int WaitingTimers => _keeper.Owned.Sum(owned => owned.Actors.WaitingTimers);

    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _effects.Attach(sip, media);

    /// <summary>Ends when the node is a member. Its shards come to it by and by. Throws <see cref="NodeNameTakenException"/> when another node has its name.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _host.Journal.OpenAsync(cancellationToken);
        await _tables.EnsureAsync(_options.Shards, cancellationToken);
        await _listener.StartAsync(cancellationToken);
        await RehearseAsync(cancellationToken);
        _running = RunAsync();
        await _joined.Task.WaitAsync(cancellationToken);
    }

    /// <summary>What a take-over needs is compiled and connected before this node may have to do one. A failure costs only that.</summary>
    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        if (_options.RehearsedActors == 0 || !_options.Roles.Contains(ClusterRoles.Actors))
        {
            return;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.RehearsalTime);
            await _rehearsal.RunAsync(_options.RehearsedActors, limit.Token);
            await using var stream = new NodeStream(_options, _certificates, _listener.Address, _time, _logger);
            await stream.SendAsync(new NodeRequest());
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.LogInformation("Node {Node} starts without having rehearsed: {Reason}", _options.NodeName, failure.Message);
        }
    }

    /// <summary>A node that is no member refuses at once: whoever asks finds another one.</summary>
    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken) =>
        IsMember
            ? _router.RouteAsync(command, CommandSource.Outside, cancellationToken)
            : new(RouteReplies.Unavailable(_stopping.IsCancellationRequested ? UnavailableReason.Stopping : UnavailableReason.Journal, Failure));

    /// <summary>Hands every shard over, each finished first; then waits until the media sessions here have moved.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_lease is { IsHeld: true } lease)
        {
            try
            {
                await _tables.SetDrainingAsync(_options.NodeName, true, cancellationToken);
                await _keeper.LeaveAsync(lease, cancellationToken);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(_options.MediaLeaveTime);
                await _effects.EmptiedAsync(limit.Token);
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
            {
                _logger.LogWarning("Not every shard was handed over before the stop: {Reason}", failure.Message);
            }
        }

        await _host.Journal.FlushAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await EndAsync();
    }

    public Task<bool> DrainNodeAsync(string node, bool draining, CancellationToken cancellationToken) => _tables.SetDrainingAsync(node, draining, cancellationToken);

    /// <param name="node">Empty: wherever it fits.</param>
    public Task<bool> MoveShardAsync(int shard, string node, CancellationToken cancellationToken) => _tables.PinAsync(shard, node, cancellationToken);

    async ValueTask<NodeReply> INodeRequests.ServeAsync(NodeRequest request, CancellationToken cancellationToken) =>
        request.BodyCase switch
        {
            NodeRequest.BodyOneofCase.Command => new NodeReply { Id = request.Id, Reply = await ServeAsync(request.Command) },
            NodeRequest.BodyOneofCase.Sip => new NodeReply { Id = request.Id, Taken = await _effects.OwnAsync(request.Sip, cancellationToken) },
            NodeRequest.BodyOneofCase.Media => new NodeReply { Id = request.Id, Taken = await _effects.OwnAsync(request.Media, cancellationToken) },
            _ => new NodeReply { Id = request.Id, NotUnderstood = true },
        };

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _streams.DisposeAsync();
        await _listener.DisposeAsync();
        _router.Dispose();
        _watch.Dispose();
        _host.Dispose();
        _metrics.Dispose();
        await _database.DisposeAsync();
        _stopping.Dispose();
        _changed.Dispose();
    }

    private async Task EndAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
        }

        await _running;
    }

    private ValueTask<Reply> ServeAsync(RoutedCommand routed)
    {
        if (_keeper.Find((int)routed.Shard, routed.Epoch) is not { } actors)
        {
            return new(RouteReplies.Moved(routed.Shard, _options.NodeName));
        }

        if (routed.TraceParent.Length > 0)
        {
            routed.Command.TraceParent = routed.TraceParent;
        }

        return actors.SendAsync(routed.Command, routed.FromActor ? CommandSource.Actor : CommandSource.Outside, CancellationToken.None);
    }

    private void Changed()
    {
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    private async Task RunAsync()
    {
        var listening = new ChangeListener(_options, Changed, _time, _logger).RunAsync(_stopping.Token);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var lease = await NodeLease.TakeAsync(_options, _listener.Address, _time, _logger, _stopping.Token);
                _lease = lease;
                _effects.Joined();
                _watch.Joined();
                _logger.LogInformation("Node {Node} is member {Instance} of the cluster", _options.NodeName, lease.Instance);
                await BeMemberAsync(lease);
            }
            catch (NodeNameTakenException failure) when (!_joined.Task.IsCompleted)
            {
                _absence = failure.Message;
                _joined.SetException(failure);
                break;
            }
            catch (Exception failure)
            {
                // The database is away, somebody took this node's name while it was, or it is stopping: whichever, it tries again until it is told not to.
                _absence = failure.Message;
                _logger.LogWarning("Node {Node} is no member of the cluster: {Reason}", _options.NodeName, failure.Message);
                await Task.Delay(_options.ReconnectMax, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _lease = null;
            await _keeper.DropAllAsync();
            await Task.Delay(_options.ReconnectFirst, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await listening;
    }

    private async Task BeMemberAsync(NodeLease lease)
    {
        using var watch = new SuccessorWatch(_options, Changed, _logger);
        while (lease.IsHeld && !_stopping.IsCancellationRequested)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                limit.CancelAfter(_options.LeaseTime);
                var view = await _tables.ReadAsync(limit.Token);
                if (view.Alive(lease.Instance) is null)
                {
                    // The database ended the session, and others may own the shards already.
                    break;
                }

                await SeeAsync(view, lease, limit.Token);
                if (_effects.MediaLoad is { } load)
                {
                    await _tables.ReportLoadAsync(lease.Instance, load, limit.Token);
                }

                watch.Update(view, lease.Instance);
                await _keeper.ReconcileAsync(view, lease, _stopping.Token);
                _joined.TrySetResult();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or JournalReadException)
            {
                _logger.LogWarning("Node {Node} could not look at the cluster's tables: {Reason}", _options.NodeName, failure.Message);
            }

            await Task.WhenAny(lease.Lost, _changed.WaitAsync(_options.LeaseTime / 4, _stopping.Token));
        }

        if (_stopping.IsCancellationRequested)
        {
            _absence = "it stops";
            _logger.LogInformation("Node {Node} leaves the cluster", _options.NodeName);
            return;
        }

        _absence = "the database was not heard in time";
        _metrics.LeaseLost();
        _logger.LogWarning("Node {Node} lost its lease", _options.NodeName);
    }

    private async Task SeeAsync(ClusterView view, NodeLease lease, CancellationToken cancellationToken)
    {
        var gone = View.Nodes.Where(node => view.Alive(node.Instance) is null).ToList();
        await _streams.UpdateAsync(view);
        if (gone.Count > 0)
        {
            _logger.LogInformation("No members any more: {Nodes}", string.Join(", ", gone.Select(node => $"{node.Name} ({node.Instance})")));

            // Whoever noticed first, by its watch or because nobody answered there, tells all: the others would wait for their own watch or the next poll.
            await _tables.TellAsync(cancellationToken);
        }

        if (_watch.Update(view.Nodes))
        {
            NodesChanged();
        }

        foreach (var row in view.Shards)
        {
            if (row.Owner != lease.Instance)
            {
                _router.SetRoute(row.Id, view.Alive(row.Owner) is null ? null : Remote(row));
            }
        }
    }

    private void NodesChanged()
    {
        foreach (var owned in _keeper.Owned)
        {
            owned.Actors.NodesChanged();
        }
    }

    private ShardRoute Remote(ShardRow row) =>
        new(row.Owner, row.Epoch, false, async (command, source) =>
        {
            using var span = Traces.IsOn ? Traces.Begin("node send", ActivityKind.Client, command.TraceParent) : null;
            var routed = new RoutedCommand { Command = command, Shard = (uint)row.Id, Epoch = row.Epoch, FromActor = source == CommandSource.Actor, TraceParent = span?.Id ?? "" };
            var request = new NodeRequest { Command = routed };
            return (await _streams.SendAsync(row.Owner, request))?.Reply;
        });
}
