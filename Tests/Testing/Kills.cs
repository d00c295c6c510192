using System.Globalization;

namespace Mcptt.Testing;

/// <summary>How often a test kills what it tests: MCPTT_TEST_KILLS, in CI a hundred times, at a desk a few.</summary>
public static class Kills
{
    private const int AtADesk = 15;

    public static int Count { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MCPTT_TEST_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : AtADesk;
}
