using System.Collections.Concurrent;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cluster.Placement;

/// <summary>
/// Brings what this node owns to what the view wants: takes shards that nobody living owns, hands over those that belong elsewhere, each drained
/// before it is let go. The database decides who gets a shard; two nodes that see different views ask for the same one and one of them gets it.
/// </summary>
internal sealed class ShardKeeper(ClusterOptions options, ShardHost host, ClusterTables tables, ShardRouter router, ClusterMetrics metrics, Action changed, ILogger logger)
{
    private readonly ConcurrentDictionary<int, OwnedShard> _owned = new();

    public IEnumerable<OwnedShard> Owned => _owned.Values;

    public ActorShard? Find(int shard, long epoch) => _owned.TryGetValue(shard, out var owned) && owned.Epoch == epoch ? owned.Actors : null;

    public async Task ReconcileAsync(ClusterView view, NodeLease lease, CancellationToken cancellationToken)
    {
        var sawAt = metrics.Now();
        await DropLostAsync(view, lease.Instance);
        var target = ShardPlacement.Of(view);
        var claims = new List<int>();
        foreach (var row in view.Shards)
        {
            var isOwned = _owned.TryGetValue(row.Id, out var owned);
            if (!isOwned && row.Owner == lease.Instance)
            {
                // A release that was not heard of, or a claim whose answer was lost.
                await tables.ReleaseAsync(lease.Instance, row.Id, row.Epoch, cancellationToken);
                changed();
            }
            else if (!isOwned && target[row.Id] == lease.Instance && view.Alive(row.Owner) is null)
            {
                claims.Add(row.Id);
            }
            else if (isOwned && target[row.Id] != lease.Instance && target[row.Id] != 0)
            {
                BeginMove(owned!, lease, cancellationToken);
            }
        }

        if (claims.Count > 0)
        {
            await TakeAsync(claims, lease, sawAt, cancellationToken);
        }
    }

    /// <summary>Every shard, drained and let go; others take them one by one.</summary>
    public async Task LeaveAsync(NodeLease lease, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MovesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_owned.Values, parallel, async (owned, token) =>
        {
            owned.IsMoving = true;
            await HandOverAsync(owned, lease, token);
        });
    }

    /// <summary>The lease is lost: nothing is finished, nothing said any more.</summary>
    public async Task DropAllAsync()
    {
        foreach (var owned in _owned.Values)
        {
            await DropAsync(owned);
        }
    }

    private async Task DropLostAsync(ClusterView view, int instance)
    {
        foreach (var owned in _owned.Values)
        {
            if (view.Shards[owned.Id] is { } row && row.Epoch > owned.Epoch && !owned.IsMoving)
            {
                metrics.Lost();
                logger.LogWarning("Shard {Shard} was taken by node {Owner} from node {Instance}", owned.Id, row.Owner, instance);
                await DropAsync(owned);
            }
        }
    }

    private async Task DropAsync(OwnedShard owned)
    {
        if (_owned.TryRemove(new KeyValuePair<int, OwnedShard>(owned.Id, owned)))
        {
            router.SetRoute(owned.Id, null);
            await owned.DisposeAsync();
        }
    }

    private void BeginMove(OwnedShard owned, NodeLease lease, CancellationToken cancellationToken)
    {
        if (!owned.IsMoving && _owned.Values.Count(other => other.IsMoving) < options.MovesAtOnce)
        {
            owned.IsMoving = true;
            _ = MoveAsync(owned, lease, cancellationToken);
        }
    }

    private async Task MoveAsync(OwnedShard owned, NodeLease lease, CancellationToken cancellationToken)
    {
        try
        {
            await HandOverAsync(owned, lease, cancellationToken);
        }
        catch (Exception failure)
        {
            // The next look at the database finds a shard of ours that we do not run, and lets go of it.
            logger.LogWarning("Shard {Shard} could not be handed over yet: {Reason}", owned.Id, failure.Message);
        }

        changed();
    }

    private async Task HandOverAsync(OwnedShard owned, NodeLease lease, CancellationToken cancellationToken)
    {
        var began = metrics.Now();
        router.Close(owned.Id);
        await owned.Actors.DrainAsync(cancellationToken);
        await host.Journal.FlushAsync();
        await DropAsync(owned);
        await tables.ReleaseAsync(lease.Instance, owned.Id, owned.Epoch, cancellationToken);
        metrics.HandedOver(began);
    }

    private async Task TakeAsync(List<int> shards, NodeLease lease, long sawAt, CancellationToken cancellationToken)
    {
        var taken = await tables.ClaimAsync(lease.Instance, [.. shards], options.Format, cancellationToken);
        if (taken.Count == 0)
        {
            return;
        }

        logger.LogInformation("Node {Node} takes {Count} shards: {Shards}", options.NodeName, taken.Count, string.Join(' ', taken.Keys.Order()));
        foreach (var (shard, epoch) in taken)
        {
            _ = StartAsync(new OwnedShard(host, lease, shard, epoch), lease, cancellationToken);
        }

        metrics.Taken(taken.Count, sawAt);
    }

    /// <summary>The shard takes commands from the first moment on; actors that must come back by themselves do so beside them.</summary>
    private async Task StartAsync(OwnedShard owned, NodeLease lease, CancellationToken cancellationToken)
    {
        _owned[owned.Id] = owned;
        try
        {
            var started = owned.Actors.StartAsync(host.Journal.ReadLiveAsync(ShardKey.RangeOf(owned.Id, options.Shards), cancellationToken), cancellationToken);
            router.SetRoute(owned.Id, new ShardRoute(lease.Instance, owned.Epoch, true, async (command, source) => await owned.Actors.SendAsync(command, source, CancellationToken.None)));
            await started;
        }
        catch (Exception failure)
        {
            // Without its live actors it must not run. The next look at the database finds a shard of ours that we do not run, lets go of it, and somebody takes it.
            logger.LogWarning("Shard {Shard} could not be started: {Reason}", owned.Id, failure.Message);
            await DropAsync(owned);
            changed();
        }
    }
}
