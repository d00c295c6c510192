using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The Duration field (8.2.3.3): what is left of T2 in whole seconds; never 0, which clients read as "stop now".</summary>
internal static class FloorDuration
{
    public static uint Seconds(long leftUs) => (uint)Math.Clamp(leftUs / 1_000_000, 1, ushort.MaxValue);

    /// <summary>T2 runs from the first RTP packet: before it everything is left.</summary>
    public static uint Remaining(FloorRules rules, FloorTalkerState talker, long nowUs) =>
        Seconds(talker.T2DueUs == 0 ? (talker.Overriding ? rules.T12Ms : rules.T2Ms) * 1000L : talker.T2DueUs - nowUs);
}
