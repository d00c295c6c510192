using Mcptt.Actors.Cluster.Membership;

namespace Mcptt.Actors.Cluster.Placement;

/// <summary>
/// Where shards belong. Pure, and the same on every node: whoever sees the same view wants the same. Shards are spread evenly (numbers differ by one at
/// most), those of living owners stay unless their owner has too many, and no shard moves between two nodes that both stay. A shard with events that a node does not
/// read is not placed there (<see cref="EventFormat"/>), even where that makes the numbers uneven.
/// </summary>
internal static class ShardPlacement
{
    /// <summary>Instance that each shard belongs to; 0: nobody is there to take it.</summary>
    public static int[] Of(ClusterView view)
    {
        var target = new int[view.Shards.Count];
        var takers = view.Nodes.Where(node => node.TakesShards).ToList();
        var placed = takers.ToDictionary(node => node.Instance, _ => 0);
        var rest = new List<ShardRow>();
        foreach (var shard in view.Shards)
        {
            if (shard.Pinned.Length > 0 && takers.Where(node => node.Name == shard.Pinned && node.Takes(shard)).MaxBy(node => node.Instance) is { } wanted)
            {
                target[shard.Id] = wanted.Instance;
                placed[wanted.Instance]++;
            }
            else
            {
                rest.Add(shard);
            }
        }

        // What the fewest may have comes first; the others then fill up.
        foreach (var alike in rest.GroupBy(shard => shard.Format).OrderByDescending(alike => alike.Key))
        {
            List<int> readers = [.. takers.Where(node => node.Takes(alike.First())).Select(node => node.Instance)];
            if (readers.Count > 0)
            {
                Spread([.. alike], readers, placed, target);
            }
        }

        return target;
    }

    /// <param name="shards">Of one format.</param>
    /// <param name="readers">Who may have them.</param>
    /// <param name="placed">How many each node has got by now.</param>
    /// <param name="target">Filled in.</param>
    private static void Spread(List<ShardRow> shards, List<int> readers, Dictionary<int, int> placed, int[] target)
    {
        var held = readers.ToDictionary(instance => instance, instance => shards.FindAll(shard => shard.Owner == instance));
        var free = shards.FindAll(shard => !held.ContainsKey(shard.Owner));

        // Who holds most keeps the odd one.
        var order = readers.OrderByDescending(instance => held[instance].Count + placed[instance]).ThenBy(instance => instance).ToList();
        var quota = new Dictionary<int, int>();
        var left = shards.Count + readers.Sum(instance => placed[instance]);
        for (var i = 0; i < order.Count; i++)
        {
            // A node that has more than its share already leaves less for the others.
            var share = (left + order.Count - i - 1) / (order.Count - i);
            var whole = Math.Max(share, placed[order[i]]);
            quota[order[i]] = whole - placed[order[i]];
            left -= whole;
        }

        foreach (var instance in order)
        {
            var keep = Math.Min(quota[instance], held[instance].Count);
            Place(held[instance].Take(keep), instance);
            free.AddRange(held[instance].Skip(keep));
        }

        foreach (var shard in free.OrderBy(shard => shard.Id))
        {
            Place([shard], order.MaxBy(instance => quota[instance]));
        }

        void Place(IEnumerable<ShardRow> some, int instance)
        {
            foreach (var shard in some)
            {
                target[shard.Id] = instance;
                placed[instance]++;
                quota[instance]--;
            }
        }
    }
}
