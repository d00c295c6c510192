using System.Security.Cryptography;
using System.Text;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>The forms of ids that architecture.md fixes, where the edge makes or reads them.</summary>
internal static class McpttIds
{
    private const int CallIdDigits = 24;
    private const string SessionUserPrefix = "call-";
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>24 hexadecimal digits from the INVITE's command id: the same INVITE always makes the same call.</summary>
    public static string NewCallId(string commandId) => Hash(commandId, CallIdDigits);

    /// <summary>The client id of a phone that has none: the same phone at the same address is the same client.</summary>
    public static string DerivedClientId(string mcpttId, string contactUri) => "phone-" + Hash($"{mcpttId}\n{contactUri}", 20);

    /// <summary>RFC 3261 8.1.1.7, the same for a repeated effect, so that on the wire it is a retransmission.</summary>
    public static string Branch(string effectId) => Via.MagicCookie + Hash(effectId, 32);

    /// <summary>A To tag for responses that make no dialog: the same for a retransmitted request (RFC 3261 8.2.7).</summary>
    public static string PlainTag(string commandId) => "t" + Hash(commandId, 12);

    public static string SessionUser(string callId) => SessionUserPrefix + callId;

    /// <summary>Our tag in a leg's dialog, c{call id}l{leg}.</summary>
    public static bool TryParseLegTag(string? tag, out string callId, out uint leg)
    {
        (callId, leg) = ("", 0);
        if (tag is null || tag.Length < CallIdDigits + 3 || tag[0] != 'c' || tag[CallIdDigits + 1] != 'l' || !IsCallId(tag.AsSpan(1, CallIdDigits)))
        {
            return false;
        }

        callId = tag.Substring(1, CallIdDigits);
        return uint.TryParse(tag.AsSpan(CallIdDigits + 2), System.Globalization.NumberStyles.None, null, out leg);
    }

    /// <summary>The session identity of a call (TS 24.379 4.5), by which a client rejoins it.</summary>
    public static bool TryParseSession(SipUri uri, out string callId)
    {
        var user = uri.UnescapedUser ?? "";
        var isSession = user.StartsWith(SessionUserPrefix, StringComparison.Ordinal) && IsCallId(user.AsSpan(SessionUserPrefix.Length));
        callId = isSession ? user[SessionUserPrefix.Length..] : "";
        return isSession;
    }

    public static string Hash(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    private static bool IsCallId(ReadOnlySpan<char> text) => text.Length == CallIdDigits && !text.ContainsAnyExcept(HexDigits);
}
