namespace Mcptt.Api.Models;

/// <summary>A group document as people and programs write it (TS 24.481, as far as calls need it). Absent means the default.</summary>
public sealed record GroupModel
{
    /// <summary>May be left out where the address already names it.</summary>
    public string? GroupId { get; init; }

    public string? DisplayName { get; init; }

    public bool Disabled { get; init; }

    /// <summary>"prearranged" or "chat".</summary>
    public string SessionType { get; init; } = SessionTypeNames.Prearranged;

    public IReadOnlyList<GroupMemberModel> Members { get; init; } = [];

    /// <summary>on-network-max-participant-count; 0: no limit.</summary>
    public uint MaxParticipants { get; init; }

    /// <summary>on-network-hang-timer (T4); 0: 30 s.</summary>
    public decimal HangTimerSeconds { get; init; }

    /// <summary>TNG3; 0: no limit.</summary>
    public decimal MaxDurationSeconds { get; init; }

    /// <summary>TNG1; 0: the caller is answered at once.</summary>
    public decimal AcknowledgementTimeoutSeconds { get; init; }

    public bool ProceedWithoutRequired { get; init; }

    public uint MinimumToStart { get; init; }

    /// <summary>T2; 0: 30 s.</summary>
    public decimal TalkLimitSeconds { get; init; }

    /// <summary>0: no queueing.</summary>
    public uint QueueDepth { get; init; }

    /// <summary>num-levels-priority-hierarchy; 0: 255.</summary>
    public uint PriorityLevels { get; init; }

    public bool AudioCutIn { get; init; }

    public bool Broadcast { get; init; }

    public bool DualFloor { get; init; }

    /// <summary>Multi-talker when above 1.</summary>
    public uint MaxTalkers { get; init; }

    /// <summary>on-network-temporary: nobody talks before the members have answered, or 5 s have passed.</summary>
    public bool Temporary { get; init; }

    /// <summary>TNG2: an emergency ends by itself; 0: it does not.</summary>
    public decimal EmergencyTimeLimitSeconds { get; init; }

    /// <summary>Floor messages that may ask for a Floor Ack do, and are sent again without one.</summary>
    public bool AcknowledgeFloor { get; init; }

    /// <summary>Encoding names in order of preference; empty: whatever the caller offers.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = [];

    /// <summary>Calls that begin from now on are recorded.</summary>
    public bool Recorded { get; init; }
}

public sealed record GroupMemberModel
{
    public required string McpttId { get; init; }

    /// <summary>0 to 255, higher wins.</summary>
    public uint UserPriority { get; init; }

    public bool ReceiveOnly { get; init; }

    public bool Required { get; init; }

    public bool MayNotInitiate { get; init; }

    public bool MayNotJoin { get; init; }

    public bool ImplicitAffiliation { get; init; }

    public bool MultiTalkerAllowed { get; init; }

    public bool MayStartEmergency { get; init; }

    public bool MayCancelEmergency { get; init; }

    public bool MayStartImminentPeril { get; init; }

    public bool MayCancelImminentPeril { get; init; }

    /// <summary>Floor requests of others in the queue (Queued Floor Requests, release 17).</summary>
    public bool MayCancelQueued { get; init; }

    /// <summary>The floor of others (Floor Revoke Request, release 19).</summary>
    public bool MayRevokeFloor { get; init; }
}

/// <summary>What happens in a group now.</summary>
public sealed record GroupStateModel
{
    public required string GroupId { get; init; }

    public required IReadOnlyList<ClientModel> Affiliated { get; init; }

    /// <summary>The call under way.</summary>
    public string? Call { get; init; }
}

public sealed record GroupSummaryModel
{
    public required string GroupId { get; init; }

    public string? DisplayName { get; init; }

    public required string SessionType { get; init; }

    public bool Disabled { get; init; }

    public int Members { get; init; }

    public int Affiliated { get; init; }

    public string? Call { get; init; }
}
