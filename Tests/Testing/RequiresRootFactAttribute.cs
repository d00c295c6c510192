using Xunit;

namespace Mcptt.Testing;

/// <summary>As <see cref="RequiresToolFactAttribute"/>, for what also needs root: a network namespace of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresRootFactAttribute : FactAttribute
{
    public RequiresRootFactAttribute(params string[] tools)
    {
        Skip = new RequiresToolFactAttribute(tools).Skip;
        if (Skip is null && Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "needs root for a network namespace";
        }
    }
}
