using Xunit;

namespace Mcptt.Testing.Postgres;

/// <summary>A test against a real PostgreSQL. Without its programs it is skipped with a reason, except in CI, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresPostgresFactAttribute : FactAttribute
{
    /// <param name="tools">Programs that it needs besides.</param>
    public RequiresPostgresFactAttribute(params string[] tools) => Skip = Reason ?? RequiresToolFactAttribute.Missing(tools);

    internal static string? Reason => PostgresPrograms.Exist || Environment.GetEnvironmentVariable("CI") == "true" ? null : PostgresPrograms.Missing;
}

/// <summary>As <see cref="RequiresPostgresFactAttribute"/>, for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresPostgresTheoryAttribute : TheoryAttribute
{
    public RequiresPostgresTheoryAttribute() => Skip = RequiresPostgresFactAttribute.Reason;
}
