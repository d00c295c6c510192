using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>Every test that the page about the floor names is there.</summary>
public sealed partial class FloorTableTests
{
    [Fact]
    public void Every_test_that_the_table_of_the_floor_names_exists()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "ops", "docs", "floor.md"));
        var named = Named().Matches(page).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.True(Exists(test.Class, test.Test), $"{test.Class}.{test.Test}"));
    }

    private static bool Exists(string type, string test)
    {
        var path = Path.Combine(Repository.Root, "Tests", "Domain.Tests", "Floor", type + ".cs");
        return File.Exists(path) && File.ReadAllText(path).Contains($" {test}(", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Named();
}
