using System.Text.Json;

namespace Mcptt.Api.Models;

/// <summary>One event of the journal. The same in the API, in "mcptt audit log --format ndjson", and with these names as columns in CSV.</summary>
public sealed record AuditEntryModel
{
    /// <summary>Place in the order of the whole journal.</summary>
    public required long Ordering { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Stored { get; init; }

    /// <summary>Persistence id of whose event it is: "ue-", "group-", "call-" or "floor-" and the id.</summary>
    public required string Actor { get; init; }

    public required long SequenceNumber { get; init; }

    /// <summary>For instance "floor-granted".</summary>
    public required string Kind { get; init; }

    /// <summary>MCPTT ID of whom it is about.</summary>
    public string? User { get; init; }

    public string? Group { get; init; }

    public string? Call { get; init; }

    public uint? Leg { get; init; }

    /// <summary>What happened, in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Of the standard, for instance "TS 24.380 6.3.4.4.2".</summary>
    public string? Clause { get; init; }

    /// <summary>MCPTT ID, "operator", or absent for the server itself.</summary>
    public string? OnBehalfOf { get; init; }

    public string? CorrelationId { get; init; }

    public string? CommandId { get; init; }
}

/// <summary>An actor as it was at a moment.</summary>
public sealed record ReplayModel
{
    public required string Actor { get; init; }

    /// <summary>Of the last event in it; 0: before the first one.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>Of the actor's last event in the journal.</summary>
    public required long LastSequenceNumber { get; init; }

    /// <summary>The last event in it.</summary>
    public AuditEntryModel? Last { get; init; }

    /// <summary>A snapshot in the JSON mapping of protobuf: 64-bit numbers are strings, times are microseconds since 1970.</summary>
    public required JsonElement State { get; init; }
}

public sealed record StateDiffModel
{
    public required string Actor { get; init; }

    public required long FromSequenceNumber { get; init; }

    public required long ToSequenceNumber { get; init; }

    public required IReadOnlyList<StateChangeModel> Changes { get; init; }
}

/// <summary>A value that differs; one that came has no "before", one that is gone no "after".</summary>
public sealed record StateChangeModel
{
    public required string Path { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }
}

/// <summary>Answer to a question about several actors: a call has two.</summary>
public sealed record ActorsModel<T>
{
    public required IReadOnlyList<T> Actors { get; init; }
}
