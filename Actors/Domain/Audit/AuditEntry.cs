namespace Mcptt.Domain.Audit;

/// <summary>One event of the journal as an auditor sees it.</summary>
public sealed record AuditEntry
{
    /// <summary>Place in the order of the whole journal.</summary>
    public required long Ordering { get; init; }

    public required string PersistenceId { get; init; }

    public required long SequenceNumber { get; init; }

    /// <summary>When it happened: the time of the command that caused it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Stored { get; init; }

    public required EventDescription Description { get; init; }

    /// <summary>MCPTT ID, "operator", or empty for the server itself.</summary>
    public string OnBehalfOf { get; init; } = "";

    public string CorrelationId { get; init; } = "";

    public string CommandId { get; init; } = "";
}
