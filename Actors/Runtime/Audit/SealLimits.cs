namespace Mcptt.Actors.Audit;

/// <summary>Bounds of one seal: whoever seals, or checks one, holds that much in memory.</summary>
public static class SealLimits
{
    /// <summary>Rows under one seal; at the limit it is made early. A seal that says more is refused.</summary>
    public const int Rows = 100_000;

    /// <summary>Persistence ids under one seal; at the limit it is made early.</summary>
    public const int Chains = 50_000;

    /// <summary>The persistence id of all seals.</summary>
    public const string PersistenceId = "seal-1";
}
