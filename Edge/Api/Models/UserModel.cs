namespace Mcptt.Api.Models;

/// <summary>A user as it is provisioned. The password goes in and never comes out: only the digest's HA1 values are stored.</summary>
public sealed record UserModel
{
    /// <summary>May be left out where the address already names it.</summary>
    public string? McpttId { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>User name of digest authentication; absent: the user part of the MCPTT ID.</summary>
    public string? DigestUser { get; init; }

    /// <summary>Absent: the password stays as it is.</summary>
    public string? Password { get; init; }

    /// <summary>N2; 0: no limit.</summary>
    public uint MaxAffiliationsN2 { get; init; }

    /// <summary>N6; 0: no limit.</summary>
    public uint MaxGroupCallsN6 { get; init; }
}

public sealed record PasswordModel
{
    public required string Password { get; init; }
}

/// <summary>Where a user is registered and what it is affiliated to.</summary>
public sealed record UserStateModel
{
    public required string McpttId { get; init; }

    /// <summary>Algorithms that this user can authenticate with; empty: no password is set.</summary>
    public required IReadOnlyList<string> DigestAlgorithms { get; init; }

    public string? Realm { get; init; }

    public required IReadOnlyList<BindingModel> Bindings { get; init; }

    public required IReadOnlyList<AffiliationModel> Affiliations { get; init; }

    public required IReadOnlyList<string> ImplicitGroupIds { get; init; }
}

public sealed record BindingModel
{
    public required ClientModel Client { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? UserAgent { get; init; }
}

public sealed record ClientModel
{
    public required string McpttId { get; init; }

    public required string ClientId { get; init; }

    public required string ContactUri { get; init; }

    /// <summary>True: an MCPTT client; false: a plain SIP phone.</summary>
    public bool McpttClient { get; init; }

    public string? EdgeNode { get; init; }

    public string? Transport { get; init; }

    public string? Remote { get; init; }
}

public sealed record AffiliationModel
{
    public required string GroupId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>affiliating, affiliated or deaffiliating.</summary>
    public required string Status { get; init; }
}

public sealed record UserSummaryModel
{
    public required string McpttId { get; init; }

    public string? DisplayName { get; init; }

    public bool Registered { get; init; }

    public int Affiliations { get; init; }
}
