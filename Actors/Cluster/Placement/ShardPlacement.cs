using Mcptt.Actors.Cluster.Membership;

namespace Mcptt.Actors.Cluster.Placement;

/// <summary>
/// Where shards belong. Pure, and the same on every node: whoever sees the same view wants the same. Shards are spread evenly (numbers differ by one at
/// most), those of living owners stay unless their owner has too many, and no shard moves between two nodes that both stay.
/// </summary>
internal static class ShardPlacement
{
    /// <summary>Instance that each shard belongs to; 0: nobody is there to take it.</summary>
    public static int[] Of(ClusterView view)
    {
        var target = new int[view.Shards.Count];
        var takers = view.Nodes.Where(node => node.TakesShards).ToDictionary(node => node.Instance);
        if (takers.Count == 0)
        {
            return target;
        }

        var held = takers.Keys.ToDictionary(instance => instance, _ => new List<int>());
        var free = new List<int>();
        var pinned = takers.Keys.ToDictionary(instance => instance, _ => 0);
        for (var i = 0; i < target.Length; i++)
        {
            var shard = view.Shards[i];
            if (shard.Pinned.Length > 0 && takers.Values.Where(node => node.Name == shard.Pinned).MaxBy(node => node.Instance) is { } wanted)
            {
                target[i] = wanted.Instance;
                pinned[wanted.Instance]++;
            }
            else if (held.TryGetValue(shard.Owner, out var shards))
            {
                shards.Add(i);
            }
            else
            {
                free.Add(i);
            }
        }

        Spread(target, held, pinned, free);
        return target;
    }

    private static void Spread(int[] target, Dictionary<int, List<int>> held, Dictionary<int, int> pinned, List<int> free)
    {
        // Who holds most keeps the odd one.
        var order = held.Keys.OrderByDescending(instance => held[instance].Count + pinned[instance]).ThenBy(instance => instance).ToList();
        var quota = new Dictionary<int, int>();
        var left = target.Length;
        for (var i = 0; i < order.Count; i++)
        {
            // A node with more pins than its share leaves less for the others.
            var share = (left + order.Count - i - 1) / (order.Count - i);
            quota[order[i]] = Math.Max(share, pinned[order[i]]);
            left -= quota[order[i]];
        }

        foreach (var instance in order)
        {
            var keep = Math.Max(0, quota[instance] - pinned[instance]);
            foreach (var shard in held[instance].Take(keep))
            {
                target[shard] = instance;
            }

            free.AddRange(held[instance].Skip(keep));
            quota[instance] -= pinned[instance] + Math.Min(keep, held[instance].Count);
        }

        free.Sort();
        foreach (var shard in free)
        {
            var taker = order.MaxBy(instance => quota[instance]);
            target[shard] = taker;
            quota[taker]--;
        }
    }
}
