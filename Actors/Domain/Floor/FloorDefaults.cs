using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Values of TS 24.380 table 11.1.3-1 where the rules of the call name none, and the bounds of our own.</summary>
internal static class FloorDefaults
{
    public const uint T1Ms = 4_000;
    public const uint T2Ms = 30_000;
    public const uint T3Ms = 3_000;
    public const uint T4Ms = 30_000;
    public const uint T8Ms = 1_000;
    public const uint T20Ms = 1_000;
    public const uint C7 = 10;
    public const uint C20 = 3;

    /// <summary>The release whose meaning of subtype 14 is spoken when nothing is configured.</summary>
    public const uint Release = 18;

    /// <summary>Who ignores so many Floor Revokes for sending without permission is not told again before it fell silent: its media goes nowhere anyway.</summary>
    public const uint UnpermittedRevokes = 10;

    /// <summary>
    /// How long after the opening of the floor a request of the only participant is kept for members that are still being invited. Less than
    /// a client asks before it gives up (T101 and C101 come to 3 s by default), so that it is still there to hear the answer.
    /// </summary>
    public const uint InvitedMs = 2_000;

    public static FloorRules Fill(FloorRules? rules)
    {
        var filled = rules?.Clone() ?? new FloorRules();
        filled.T1Ms = OrDefault(filled.T1Ms, T1Ms);
        filled.T2Ms = OrDefault(filled.T2Ms, T2Ms);
        filled.T3Ms = OrDefault(filled.T3Ms, T3Ms);
        filled.T4Ms = OrDefault(filled.T4Ms, T4Ms);
        filled.T8Ms = OrDefault(filled.T8Ms, T8Ms);
        filled.T11Ms = OrDefault(filled.T11Ms, T1Ms);
        filled.T12Ms = OrDefault(filled.T12Ms, T2Ms);
        filled.T20Ms = OrDefault(filled.T20Ms, T20Ms);
        filled.C7 = OrDefault(filled.C7, C7);
        filled.C20 = OrDefault(filled.C20, C20);
        filled.ReleaseNumber = OrDefault(filled.ReleaseNumber, Release);
        return filled;
    }

    private static uint OrDefault(uint value, uint other) => value == 0 ? other : value;
}
