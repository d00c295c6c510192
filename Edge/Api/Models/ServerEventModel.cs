namespace Mcptt.Api.Models;

/// <summary>Something that happened: an event of the journal, or of the cluster.</summary>
public sealed record ServerEventModel
{
    /// <summary>For instance "floor-granted" or "node-joined".</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened, in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Place in the order of the whole journal; absent of what is not in it. To resume: Last-Event-ID.</summary>
    public long? Ordering { get; init; }

    /// <summary>MCPTT ID of whom it is about.</summary>
    public string? User { get; init; }

    public string? Group { get; init; }

    public string? Call { get; init; }

    public uint? Leg { get; init; }

    /// <summary>Name of the node that it is about; of a shard its new owner.</summary>
    public string? Node { get; init; }

    public int? Shard { get; init; }

    /// <summary>One id from the SIP request through actors to media.</summary>
    public string? CorrelationId { get; init; }
}
