using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

public sealed class FaultyWireTests
{
    private const int Messages = 4_000;

    [Fact]
    public void A_share_is_lost_and_nothing_else_is_done()
    {
        var seed = Seed.Take();
        var passed = Run(new Misbehaviour { Lose = 0.25, Seed = seed });
        Assert.True(passed.SequenceEqual(passed.Distinct().Order()), $"seed {seed}");
        Assert.True(passed.Count is > Messages * 70 / 100 and < Messages * 80 / 100, $"{passed.Count} passed, seed {seed}");
    }

    [Fact]
    public void A_share_is_doubled()
    {
        var seed = Seed.Take();
        var passed = Run(new Misbehaviour { Duplicate = 0.1, Seed = seed });
        Assert.True(passed.Distinct().Count() == Messages && passed.Count is > Messages * 107 / 100 and < Messages * 113 / 100, $"{passed.Count}, seed {seed}");
    }

    [Fact]
    public void A_share_comes_after_its_successor_and_none_is_lost()
    {
        var seed = Seed.Take();
        var passed = Run(new Misbehaviour { Reorder = 0.1, Seed = seed });
        Assert.True(passed.Order().SequenceEqual(Enumerable.Range(0, passed.Count)) && passed.Count >= Messages - 1, $"seed {seed}");
        Assert.True(!passed.SequenceEqual(passed.Order()), $"seed {seed}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_faults() =>
        Assert.Equal(Run(new Misbehaviour { Lose = 0.5, Seed = 7 }), Run(new Misbehaviour { Lose = 0.5, Seed = 7 }));

    private static List<int> Run(Misbehaviour faults)
    {
        var wire = new FaultyWire(faults, direction: 1);
        return [.. Enumerable.Range(0, Messages).SelectMany(i => wire.Pass(BitConverter.GetBytes(i))).Select(bytes => BitConverter.ToInt32(bytes))];
    }
}
