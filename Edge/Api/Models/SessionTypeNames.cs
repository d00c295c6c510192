using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>Values of session-type (TS 24.379 F.1).</summary>
public static class SessionTypeNames
{
    public const string Prearranged = "prearranged";

    private static readonly Dictionary<string, SessionType> Types = new(StringComparer.Ordinal)
    {
        [Prearranged] = SessionType.Prearranged,
        ["chat"] = SessionType.Chat,
        ["private"] = SessionType.Private,
        ["first-to-answer"] = SessionType.FirstToAnswer,
        ["ambient-listening"] = SessionType.AmbientListening,
        ["adhoc"] = SessionType.Adhoc,
    };

    /// <summary>The session types that a group can have.</summary>
    public static IReadOnlyList<string> OfGroups { get; } = [Prearranged, "chat"];

    public static bool TryParse(string name, out SessionType type) => Types.TryGetValue(name, out type);

    public static string Name(SessionType type) => Types.FirstOrDefault(pair => pair.Value == type).Key ?? "unspecified";
}
