using System.Collections.Immutable;
using Mcptt.Actors.Shards;
using Mcptt.Domain;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// What becomes of the nodes on which actors lean, by what this node sees of the cluster. A node that is not there for <see cref="ClusterOptions.NodeGrace"/> is
/// lost: one whose session with the database broke is back sooner. One that is there under another run is lost at once.
/// </summary>
internal sealed class NodeWatch : INodeWatch, IDisposable
{
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _graceOver;
    private volatile Seen _seen;

    /// <param name="changed">A node may be lost by now, although nothing new was seen.</param>
    public NodeWatch(ClusterOptions options, TimeProvider time, Action changed)
    {
        (_options, _time) = (options, time);
        _seen = new Seen(ClusterView.Empty, time.GetTimestamp(), ImmutableDictionary<string, long>.Empty);
        _graceOver = time.CreateTimer(_ => changed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>This node is a member, perhaps again: all may be joining anew, and those that it has not seen yet get <see cref="ClusterOptions.JoinGrace"/>.</summary>
    public void Joined() => _seen = new Seen(ClusterView.Empty, _time.GetTimestamp(), ImmutableDictionary<string, long>.Empty);

    /// <summary>False: nothing that actors would have to hear is different.</summary>
    public bool Update(ClusterView view)
    {
        var before = _seen;
        var now = _time.GetTimestamp();
        var there = view.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var gone = before.View.Nodes.Select(node => node.Name).Where(name => !there.Contains(name)).Distinct().ToList();
        var missing = before.Missing.RemoveRange(there).SetItems(gone.Select(name => KeyValuePair.Create(name, now)));
        _seen = new Seen(view, before.JoinedAt, missing);
        if (gone.Count > 0)
        {
            _graceOver.Change(_options.NodeGrace, Timeout.InfiniteTimeSpan);
        }

        return !Marks(before.View).SequenceEqual(Marks(view));
    }

    public NodeFate? FateOf(NodeRun node)
    {
        var seen = _seen;
        if (seen.View.Named(node.Name) is { } here)
        {
            var isAnother = node.Run.Length > 0 && here.Run.Length > 0 && node.Run != here.Run;
            return isAnother ? NodeFate.Lost : here.Draining && seen.View.Nodes.Any(other => other.TakesSessions) ? NodeFate.Draining : null;
        }

        var (since, grace) = seen.Missing.TryGetValue(node.Name, out var at) ? (at, _options.NodeGrace) : (seen.JoinedAt, _options.JoinGrace);
        return _time.GetElapsedTime(since) >= grace ? NodeFate.Lost : null;
    }

    public bool IsLost(string name) => FateOf(new NodeRun(name, "")) == NodeFate.Lost;

    public void Dispose() => _graceOver.Dispose();

    private static IEnumerable<(string Name, string Run, bool Draining, bool Takes)> Marks(ClusterView view) => view.Nodes.Select(node => (node.Name, node.Run, node.Draining, node.TakesSessions));

    /// <param name="Missing">Names that were there since this node joined and are not now, and since when.</param>
    private sealed record Seen(ClusterView View, long JoinedAt, ImmutableDictionary<string, long> Missing);
}
