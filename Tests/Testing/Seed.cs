using System.Security.Cryptography;

namespace Mcptt.Testing;

/// <summary>The seed of a random test: taken from MCPTT_TEST_SEED or fresh. A test puts it into the message of what it asserts.</summary>
public static class Seed
{
    public static int Take() =>
        int.TryParse(Environment.GetEnvironmentVariable("MCPTT_TEST_SEED"), out var seed) ? seed : RandomNumberGenerator.GetInt32(int.MaxValue);
}
