namespace Mcptt.Api;

/// <summary>Who may come in by a token, and for what.</summary>
/// <param name="Name">For the log.</param>
public sealed record ApiToken(string Name, string Token, IReadOnlyList<string> Roles);

public static class ApiRoles
{
    /// <summary>Provisions, and looks at and releases calls.</summary>
    public const string Operator = "operator";

    /// <summary>Reads the journal, and nothing else.</summary>
    public const string Auditor = "auditor";

    /// <summary>Reads metrics, nodes, shards and what happens now, and changes nothing.</summary>
    public const string Monitor = "monitor";

    public static IReadOnlyList<string> All { get; } = [Operator, Auditor, Monitor];
}
