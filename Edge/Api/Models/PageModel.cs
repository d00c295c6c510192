namespace Mcptt.Api.Models;

public sealed record PageModel<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Give it as "after" to get the next page; absent on the last one.</summary>
    public string? Next { get; init; }
}

public sealed record HealthModel
{
    /// <summary>"ready", "not-ready" or "live".</summary>
    public required string Status { get; init; }

    public string? Node { get; init; }

    public string? Version { get; init; }

    /// <summary>What the node does: "edge", "actors", "media".</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<HealthCheckModel> Checks { get; init; } = [];
}

public sealed record HealthCheckModel
{
    public required string Name { get; init; }

    public bool Ready { get; init; }

    public string? Detail { get; init; }
}

/// <summary>RFC 9457, with the faults of the request document.</summary>
public sealed record ProblemModel
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public int Status { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyList<FaultModel>? Faults { get; init; }
}

public sealed record FaultModel
{
    public required string Field { get; init; }

    public required string Problem { get; init; }

    public required string Fix { get; init; }

    public int? Line { get; init; }

    public int? Column { get; init; }
}
