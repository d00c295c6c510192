namespace Mcptt.Api.Models;

public sealed record CallModel
{
    public required string Call { get; init; }

    public required string GroupId { get; init; }

    /// <summary>Absent once the call has ended.</summary>
    public string? SessionType { get; init; }

    public required string Phase { get; init; }

    /// <summary>The call is an emergency call now.</summary>
    public bool Emergency { get; init; }

    public bool ImminentPeril { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required IReadOnlyList<LegModel> Legs { get; init; }

    public MediaModel? Media { get; init; }

    /// <summary>Absent in a list, and before the floor is open.</summary>
    public FloorModel? Floor { get; init; }
}

public sealed record LegModel
{
    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public required string ClientId { get; init; }

    public required string Phase { get; init; }

    /// <summary>True: the server invited it; false: it called.</summary>
    public bool Outgoing { get; init; }
}

public sealed record MediaModel
{
    public required string MediaNode { get; init; }

    public required string Address { get; init; }

    public uint RtpPort { get; init; }

    public uint FloorPort { get; init; }
}

public sealed record FloorModel
{
    /// <summary>idle, taken, pending-revoke or closed.</summary>
    public required string Phase { get; init; }

    public required IReadOnlyList<FloorHolderModel> Holders { get; init; }

    public required IReadOnlyList<FloorHolderModel> Queue { get; init; }
}

public sealed record FloorHolderModel
{
    public uint Leg { get; init; }

    public required string McpttId { get; init; }

    public uint Priority { get; init; }

    public required DateTimeOffset Since { get; init; }
}
