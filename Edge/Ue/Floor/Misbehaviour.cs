namespace Mcptt.Ue.Floor;

/// <summary>What a client does wrong on purpose, to test a server: shares from 0 to 1 of its floor messages, both ways.</summary>
public sealed record Misbehaviour
{
    public double Lose { get; init; }

    public double Duplicate { get; init; }

    /// <summary>Held back until the next message has passed.</summary>
    public double Reorder { get; init; }

    /// <summary>Revoke is read by nobody: no Release follows and media goes on.</summary>
    public bool IgnoreRevoke { get; init; }

    /// <summary>Of the random choices, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;

    public bool TouchesTheWire => Lose > 0 || Duplicate > 0 || Reorder > 0;
}
