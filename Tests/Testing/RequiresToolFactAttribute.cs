using Xunit;

namespace Mcptt.Testing;

/// <summary>A test against programs that nobody here wrote. Without them it is skipped with a reason, except in CI, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolFactAttribute : FactAttribute
{
    public RequiresToolFactAttribute(params string[] tools)
    {
        var missing = tools.Where(tool => !IsOnPath(tool)).ToList();
        if (missing.Count > 0 && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = $"needs {string.Join(", ", missing)} (Debian packages; see ops/docs/testing.md)";
        }
    }

    public static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
