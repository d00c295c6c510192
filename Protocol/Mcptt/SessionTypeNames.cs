using Mcptt.Protocol.Messages;

namespace Mcptt.Protocol.Mcptt;

/// <summary>The values of the element session-type (TS 24.379 F.1.3). Broadcast is none of them: it is broadcast-ind on a group call (4.12).</summary>
public static class SessionTypeNames
{
    public static string? NameOf(SessionType type) =>
        type switch
        {
            SessionType.Prearranged => "prearranged",
            SessionType.Chat => "chat",
            SessionType.Private => "private",
            SessionType.FirstToAnswer => "first-to-answer",
            SessionType.AmbientListening => "ambient-listening",
            SessionType.Adhoc => "adhoc",
            _ => null,
        };

    /// <summary>Null or empty is "none named", which is valid; false for a name that the standard does not have.</summary>
    public static bool TryParse(string? name, out SessionType type)
    {
        if (string.IsNullOrEmpty(name))
        {
            type = SessionType.Unspecified;
            return true;
        }

        foreach (var candidate in Enum.GetValues<SessionType>())
        {
            if (NameOf(candidate) == name)
            {
                type = candidate;
                return true;
            }
        }

        type = SessionType.Unspecified;
        return false;
    }
}
