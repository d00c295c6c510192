using Xunit;

namespace Mcptt.Testing;

/// <summary>A test against programs that nobody here wrote. Without them it is skipped with a reason, except in CI, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolFactAttribute : FactAttribute
{
    public RequiresToolFactAttribute(params string[] tools) => Skip = Missing(tools);

    /// <summary>Why a test against these is skipped; null: it runs.</summary>
    internal static string? Missing(IEnumerable<string> tools)
    {
        var missing = tools.Where(tool => !IsOnPath(tool)).ToList();
        return missing.Count > 0 && Environment.GetEnvironmentVariable("CI") != "true"
            ? $"needs {string.Join(", ", missing)} (Debian packages; see ops/docs/testing.md)"
            : null;
    }

    public static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
