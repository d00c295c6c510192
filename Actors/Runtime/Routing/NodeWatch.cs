using System.Collections.Immutable;
using Mcptt.Actors.Shards;
using Mcptt.Domain;

namespace Mcptt.Actors.Routing;

/// <summary>
/// What becomes of the nodes on which actors lean, by what this node sees of the cluster. A node that is not there for a grace is
/// lost: one whose session with the database broke is back sooner. One that is there under another run is lost at once.
/// </summary>
public sealed class NodeWatch : INodeWatch, IDisposable
{
    private readonly TimeSpan _nodeGrace;
    private readonly TimeSpan _joinGrace;
    private readonly TimeProvider _time;
    private readonly ITimer _graceOver;
    private volatile Seen _seen;

    /// <param name="nodeGrace">A node that is not seen for so long is lost.</param>
    /// <param name="joinGrace">The same for one that was not seen since this node joined.</param>
    /// <param name="changed">A node may be lost by now, although nothing new was seen.</param>
    public NodeWatch(TimeSpan nodeGrace, TimeSpan joinGrace, TimeProvider time, Action changed)
    {
        (_nodeGrace, _joinGrace, _time) = (nodeGrace, joinGrace, time);
        _seen = new Seen([], time.GetTimestamp(), ImmutableDictionary<string, Absence>.Empty);
        _graceOver = time.CreateTimer(_ => changed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>This node is a member, perhaps again: all may be joining anew, and those that it has not seen yet get a longer grace.</summary>
    public void Joined() => _seen = new Seen([], _time.GetTimestamp(), ImmutableDictionary<string, Absence>.Empty);

    /// <summary>False: nothing that actors would have to hear is different.</summary>
    public bool Update(IReadOnlyList<ClusterMember> members)
    {
        var before = _seen;
        var now = _time.GetTimestamp();
        var there = members.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var gone = before.Members.Where(node => !there.Contains(node.Name)).ToList();
        var missing = before.Missing.RemoveRange(there).SetItems(gone.Select(node => KeyValuePair.Create(node.Name, new Absence(now, node.Draining))));
        _seen = new Seen(members, before.JoinedAt, missing);
        if (gone.Count > 0)
        {
            _graceOver.Change(_nodeGrace, Timeout.InfiniteTimeSpan);
        }

        return !Marks(before.Members).SequenceEqual(Marks(members));
    }

    public NodeFate? FateOf(NodeRun node)
    {
        var seen = _seen;
        if (seen.Members.Named(node.Name) is { } here)
        {
            var isAnother = node.Run.Length > 0 && here.Run.Length > 0 && node.Run != here.Run;
            return isAnother ? NodeFate.Lost : here.Draining && seen.Members.Any(other => other.TakesSessions) ? NodeFate.Draining : null;
        }

        var (since, grace) = seen.Missing.TryGetValue(node.Name, out var absence) ? (absence.Since, _nodeGrace) : (seen.JoinedAt, _joinGrace);
        return _time.GetElapsedTime(since) >= grace ? NodeFate.Lost : null;
    }

    public bool IsLost(string name) => FateOf(new NodeRun(name, "")) == NodeFate.Lost;

    /// <summary>Whether a node is away for good, as far as one can tell: it left in order, or it is not seen for so long.</summary>
    public bool IsGone(string name, TimeSpan grace)
    {
        var seen = _seen;
        return seen.Members.Named(name) is null
            && (seen.Missing.TryGetValue(name, out var absence)
                ? absence.LeftInOrder || _time.GetElapsedTime(absence.Since) >= grace
                : _time.GetElapsedTime(seen.JoinedAt) >= grace);
    }

    public void Dispose() => _graceOver.Dispose();

    private static IEnumerable<(string Name, string Run, bool Draining, bool Takes)> Marks(IReadOnlyList<ClusterMember> members) => members.Select(node => (node.Name, node.Run, node.Draining, node.TakesSessions));

    /// <param name="LeftInOrder">It was draining when it was last seen.</param>
    private readonly record struct Absence(long Since, bool LeftInOrder);

    /// <param name="Missing">Names that were there since this node joined and are not now, and since when.</param>
    private sealed record Seen(IReadOnlyList<ClusterMember> Members, long JoinedAt, ImmutableDictionary<string, Absence> Missing);
}
