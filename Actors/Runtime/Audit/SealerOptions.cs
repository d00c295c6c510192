using System.Diagnostics.Metrics;

namespace Mcptt.Actors.Audit;

public sealed record SealerOptions
{
    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>A seal is made when events wait for so long ...</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>... or are so many, which is also as many as one seal covers.</summary>
    public int EveryEvents { get; init; } = 10_000;

    /// <summary>Persistence ids under one seal; at the limit it is made early.</summary>
    public int ChainLimit { get; init; } = SealLimits.Chains;

    /// <summary>Empty: no receipts are kept.</summary>
    public string ReceiptsPath { get; init; } = "";

    /// <summary>How often the journal is looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Wait after a seal that could not be made; doubled up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromMinutes(1);
}
