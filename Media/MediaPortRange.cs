namespace Mcptt.Media;

/// <summary>UDP ports that sessions are opened on: an even one for RTP and the odd one behind it for the floor. Both zero: whatever the system gives.</summary>
public readonly record struct MediaPortRange(int First, int Last)
{
    private const int HighestPort = 65535;

    public static MediaPortRange Ephemeral => default;

    public bool IsEphemeral => this == Ephemeral;

    /// <summary>Sessions that the range has room for.</summary>
    public int Pairs => IsEphemeral ? int.MaxValue : (Last - FirstEven + 1) / 2;

    public bool IsValid => IsEphemeral || (First > 0 && Last <= HighestPort && Pairs > 0);

    internal int FirstEven => First + (First & 1);
}
