using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Actors.Cluster;

/// <summary>What a node measures of the cluster and of its part in it.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Cluster";

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _shards;
    private readonly Counter<long> _leases;
    private readonly Histogram<double> _takeOver;
    private readonly Histogram<double> _handOver;

    public ClusterMetrics(IMeterFactory? factory, TimeProvider time)
    {
        _time = time;
        _meter = Meters.Of(factory, MeterName);
        _shards = _meter.CreateCounter<long>("mcptt.cluster.shards.changed", "{shards}", "Shards that this node took, handed over, or lost to another one [change]");
        _leases = _meter.CreateCounter<long>("mcptt.cluster.leases.lost", "{leases}", "Times that this node was a member of the cluster and is no more");
        _takeOver = _meter.Duration("mcptt.cluster.takeover.duration", "From the node's look at the database that showed shards without owner until they took commands here", Meters.LatencySeconds);
        _handOver = _meter.Duration("mcptt.cluster.handover.duration", "From the end of new commands for a shard until it was let go for another node", Meters.LatencySeconds);
    }

    public void Watch(PostgresEngine engine, Func<TimeSpan> leaseLeft, Func<int> moving, Func<IEnumerable<(string Node, int Waiting)>> streams)
    {
        _meter.CreateObservableGauge("mcptt.cluster.member", () => engine.IsMember ? 1 : 0, null, "1 while the database knows this node as living");
        _meter.CreateObservableGauge("mcptt.cluster.lease.left", () => Math.Max(0, leaseLeft().TotalSeconds), "s", "How long this node may go on without hearing the database");
        _meter.CreateObservableGauge("mcptt.cluster.nodes", () => engine.View.Nodes.Count, "{nodes}", "Nodes that live, as this one last saw them");
        _meter.CreateObservableGauge("mcptt.cluster.shards.owned", () => engine.OwnedShards.Count, "{shards}", "Shards that this node runs");
        _meter.CreateObservableGauge("mcptt.cluster.shards.moving", moving, "{shards}", "Shards that this node is handing over");
        _meter.CreateObservableGauge("mcptt.cluster.shards.ownerless", () => engine.View.Shards.Count(row => engine.View.Alive(row.Owner) is null), "{shards}", "Shards that no living node owns, as this one last saw them");
        _meter.CreateObservableGauge("mcptt.cluster.stream.queue", () => streams().Select(one => new Measurement<int>(one.Waiting, new KeyValuePair<string, object?>("node", one.Node))), "{requests}", "Requests that wait to be written to another node [node]");
    }

    /// <summary>What waits on this node for the owners of shards.</summary>
    public void WatchLanes(Func<(int Sum, int Most)> waiting)
    {
        _meter.CreateObservableGauge("mcptt.cluster.lanes.waiting", () => waiting().Sum, "{commands}", "Commands of this node that wait because their shard's owner is not known or does not answer");
        _meter.CreateObservableGauge("mcptt.cluster.lanes.longest", () => waiting().Most, "{commands}", "The most that wait for one shard");
    }

    public void Taken(int shards, long sawAt)
    {
        _shards.Add(shards, new KeyValuePair<string, object?>("change", "taken"));
        _takeOver.Record(_time.GetElapsedTime(sawAt).TotalSeconds);
    }

    public void HandedOver(long began)
    {
        _shards.Add(1, new KeyValuePair<string, object?>("change", "handed_over"));
        _handOver.Record(_time.GetElapsedTime(began).TotalSeconds);
    }

    public void Lost() => _shards.Add(1, new KeyValuePair<string, object?>("change", "lost"));

    public void LeaseLost() => _leases.Add(1);

    public long Now() => _time.GetTimestamp();

    public void Dispose() => _meter.Dispose();
}
