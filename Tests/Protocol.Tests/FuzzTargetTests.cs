using Mcptt.Fuzz;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests;

public class FuzzTargetTests
{
    private const int Inputs = 3_000;

    public static TheoryData<string> Names => [.. Fuzzer.Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_target_has_seeds_and_withstands_mutations_of_them(string name)
    {
        var target = Fuzzer.Targets.Single(target => target.Name == name);
        Assert.NotEmpty(target.Seeds());
        var seed = Seed.Take();
        var failure = Fuzzer.Run(target, seed, Inputs);
        Assert.True(failure is null, $"MCPTT_TEST_SEED={seed}: {failure}");
    }

    [Fact]
    public void Names_of_targets_are_unique() =>
        Assert.Equal(Fuzzer.Targets.Count, Fuzzer.Targets.DistinctBy(target => target.Name).Count());
}
