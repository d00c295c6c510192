using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Translation;

/// <summary>Emergency and imminent peril as mcptt-info says them, and the other way round (TS 24.379 F.1).</summary>
internal static class ConditionInfo
{
    /// <summary>Both, also where they are not so: an end must be told too.</summary>
    public static McpttInfo Of(bool emergency, bool imminentPeril) => new() { EmergencyInd = emergency, ImminentPerilInd = imminentPeril };

    /// <summary>Null: there is nothing to say.</summary>
    public static McpttInfo? Of(Indication emergency, Indication imminentPeril) =>
        emergency == Indication.Unspecified && imminentPeril == Indication.Unspecified
            ? null
            : new() { EmergencyInd = Flag(emergency), ImminentPerilInd = Flag(imminentPeril) };

    public static Indication Read(bool? element) =>
        element switch
        {
            true => Indication.True,
            false => Indication.False,
            null => Indication.Unspecified,
        };

    private static bool? Flag(Indication indication) =>
        indication switch
        {
            Indication.True => true,
            Indication.False => false,
            _ => null,
        };
}
