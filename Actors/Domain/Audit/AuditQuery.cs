namespace Mcptt.Domain.Audit;

/// <summary>Which events are wanted; what is not set does not count. All that is set must hold.</summary>
public sealed record AuditQuery
{
    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>MCPTT ID of whom it is about, or on whose behalf it was.</summary>
    public string User { get; init; } = "";

    /// <summary>Of the group itself and of its calls.</summary>
    public string Group { get; init; } = "";

    /// <summary>Of the call and its floor, and of others that name it.</summary>
    public string Call { get; init; } = "";

    /// <summary>Persistence id.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Of <see cref="EventKinds.All"/>; empty: all.</summary>
    public IReadOnlySet<string> Kinds { get; init; } = new HashSet<string>();

    /// <summary>Only what stands after it in the journal: the way to the next page.</summary>
    public long AfterOrdering { get; init; }
}
