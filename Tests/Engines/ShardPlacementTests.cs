using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Cluster.Placement;
using Mcptt.Testing;

namespace Mcptt.Engines;

public sealed class ShardPlacementTests
{
    private const int Shards = 64;

    [Fact]
    public void Without_nodes_nobody_owns_anything() => Assert.All(ShardPlacement.Of(View([])), owner => Assert.Equal(0, owner));

    [Fact]
    public void Free_shards_are_spread_evenly() => AssertEven(ShardPlacement.Of(View([1, 2, 3])), [1, 2, 3]);

    [Fact]
    public void A_node_that_joins_gets_its_share_and_no_shard_moves_between_the_others()
    {
        var before = ShardPlacement.Of(View([1, 2]));
        var after = ShardPlacement.Of(View([1, 2, 3], before));
        AssertEven(after, [1, 2, 3]);
        Assert.All(Enumerable.Range(0, Shards), shard => Assert.True(after[shard] == before[shard] || after[shard] == 3));
    }

    [Fact]
    public void Shards_of_a_dead_node_are_spread_over_the_others_which_keep_theirs()
    {
        var before = ShardPlacement.Of(View([1, 2, 3]));
        var after = ShardPlacement.Of(View([1, 3], before));
        AssertEven(after, [1, 3]);
        Assert.All(Enumerable.Range(0, Shards), shard => Assert.True(before[shard] == 2 || after[shard] == before[shard]));
    }

    [Fact]
    public void A_draining_node_keeps_nothing()
    {
        var before = ShardPlacement.Of(View([1, 2]));
        var view = View([1, 2], before);
        var draining = view with { Nodes = [view.Nodes[0] with { Draining = true }, view.Nodes[1]] };
        Assert.All(ShardPlacement.Of(draining), owner => Assert.Equal(2, owner));
    }

    [Fact]
    public void A_pinned_shard_is_where_the_operator_wants_it_while_that_node_lives()
    {
        var before = ShardPlacement.Of(View([1, 2, 3]));
        var view = View([1, 2, 3], before);
        var shards = view.Shards.Select(row => row.Id < 30 ? row with { Pinned = "node2" } : row).ToList();
        var pinned = ShardPlacement.Of(view with { Shards = shards });
        Assert.All(pinned.Take(30), owner => Assert.Equal(2, owner));
        Assert.Equal(30, pinned.Count(owner => owner == 2));
        Assert.DoesNotContain(0, ShardPlacement.Of(View([1, 3], before) with { Shards = shards }));
    }

    [Fact]
    public void After_any_sequence_of_joins_and_deaths_it_is_even_stable_and_moves_no_more_than_it_must()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        int[] placed = new int[Shards];
        List<int> alive = [];
        for (var step = 0; step < 2_000; step++)
        {
            if (alive.Count == 0 || (alive.Count < 12 && random.Next(2) == 0))
            {
                alive.Add(step + 1);
            }
            else
            {
                alive.RemoveAt(random.Next(alive.Count));
            }

            var next = ShardPlacement.Of(View(alive, placed));
            if (alive.Count > 0)
            {
                AssertEven(next, alive, seed);
                Assert.True(next.SequenceEqual(ShardPlacement.Of(View(alive, next))), $"not stable, seed {seed}, step {step}");
                var excess = alive.Sum(node => Math.Max(0, placed.Count(owner => owner == node) - next.Count(owner => owner == node)));
                var moved = Enumerable.Range(0, Shards).Count(shard => alive.Contains(placed[shard]) && next[shard] != placed[shard]);
                Assert.True(moved == excess, $"moved {moved} of living owners, {excess} needed, seed {seed}, step {step}");
            }

            placed = next;
        }
    }

    [Fact]
    public void A_shard_goes_only_to_nodes_that_read_its_events_and_stays_where_there_is_no_other()
    {
        var before = ShardPlacement.Of(View([1, 2]));
        var view = View([1, 2, 3], before);
        var old = view.Nodes.Select(node => node with { Reads = node.Instance == 3 ? 1 : 2 }).ToList();
        var newer = new ClusterView(old, [.. view.Shards.Select(row => row with { Format = 2 })]);

        Assert.Equal(before, ShardPlacement.Of(newer));
        var mixed = newer with { Shards = [.. newer.Shards.Select(row => row with { Format = row.Id < 50 ? 2 : 1 })] };
        var placed = ShardPlacement.Of(mixed);
        Assert.DoesNotContain(3, placed.Take(50));
        Assert.All(placed.Skip(50), owner => Assert.Equal(3, owner));
        Assert.Equal(25, placed.Count(owner => owner == 1));
        Assert.Equal(placed, ShardPlacement.Of(new ClusterView(old, [.. mixed.Shards.Select(row => row with { Owner = placed[row.Id] })])));
    }

    [Fact]
    public void A_shard_that_nobody_reads_waits_for_who_does()
    {
        var view = View([1, 2]);
        var placed = ShardPlacement.Of(view with { Shards = [.. view.Shards.Select(row => row with { Format = row.Id == 7 ? EventFormat.Current.Reads + 1 : 0 })] });
        Assert.Equal(0, placed[7]);
        Assert.DoesNotContain(0, placed.Where((_, shard) => shard != 7));
    }

    private static void AssertEven(int[] placed, IReadOnlyList<int> nodes, int seed = 0)
    {
        var counts = nodes.Select(node => placed.Count(owner => owner == node)).ToList();
        Assert.True(counts.Sum() == Shards && counts.Max() - counts.Min() <= 1, $"{string.Join(' ', counts)}, seed {seed}");
    }

    private static ClusterView View(IReadOnlyList<int> nodes, int[]? owners = null) =>
        new(
            [.. nodes.Select(node => new ClusterNode(node, $"node{node}", new Uri("http://127.0.0.1"), [ClusterRoles.Actors], "", "", DateTimeOffset.UnixEpoch, false))],
            [.. Enumerable.Range(0, Shards).Select(shard => new ShardRow(shard, owners?[shard] ?? 0, 1, ""))]);
}
