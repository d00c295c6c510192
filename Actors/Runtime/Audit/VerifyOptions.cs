namespace Mcptt.Actors.Audit;

public sealed record VerifyOptions
{
    /// <summary>Whose seals count. Empty: signatures are not checked.</summary>
    public IReadOnlyList<SealPublicKey> Keys { get; init; } = [];

    /// <summary>File of receipts; empty: there is none.</summary>
    public string ReceiptsPath { get; init; } = "";

    /// <summary>Begin with the seal that covers this moment.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End with the seal that covers this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Chains whose last event is held in memory (about 200 octets each); where there are more, the journal is read again for the others.</summary>
    public int ChainLimit { get; init; } = 2_000_000;

    /// <summary>Findings that are told in full; further ones are counted.</summary>
    public int FindingLimit { get; init; } = 1_000;

    /// <summary>Threads that hash, beside the one that reads.</summary>
    public int Lanes { get; init; } = Math.Clamp(Environment.ProcessorCount - 1, 1, 8);
}

/// <summary>How far a verification has come. Several passes: each goes up to the end.</summary>
public readonly record struct VerifyProgress(int Pass, long Ordering, long End, long Rows);

public enum SignatureCheck
{
    /// <summary>There is no seal.</summary>
    NoSeals,

    /// <summary>No key was named.</summary>
    NoKey,

    Checked,
}

public sealed record VerifyReport
{
    public required long Rows { get; init; }

    public required long Chains { get; init; }

    public required long LastOrdering { get; init; }

    public required long Seals { get; init; }

    /// <summary>Rows under a seal that fits.</summary>
    public required long SealedRows { get; init; }

    /// <summary>Rows after the last seal: proven by their chains only, until the next seal.</summary>
    public required long RowsAfterLastSeal { get; init; }

    public required DateTimeOffset? LastSealTime { get; init; }

    public required ulong LastSeal { get; init; }

    public required SignatureCheck Signatures { get; init; }

    public required int Passes { get; init; }

    /// <summary>At most <see cref="VerifyOptions.FindingLimit"/>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public required long FindingCount { get; init; }

    /// <summary>What was not looked at, for people.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public bool IsClean => FindingCount == 0;
}

/// <summary>What was asked cannot be done with this journal.</summary>
public sealed class VerifyRefusedException(string message) : Exception(message);
