using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mcptt.Protocol.Mcptt;

/// <summary>
/// What a Warning header field with code 399 says: three digits and a text (TS 24.379 4.4.1). A peer of an older release that does not
/// know the number gets the text alone.
/// </summary>
public readonly record struct WarningText(int Number, string Text)
{
    public const int WarnCode = 399;

    /// <summary>All numbers that this server knows, with their texts (TS 24.379 table 4.4.2-1).</summary>
    public static FrozenDictionary<int, string> Table { get; } = new Dictionary<int, string>
    {
        [100] = "function not allowed",
        [101] = "service authorisation failed",
        [102] = "too many simultaneous affiliations",
        [103] = "maximum simultaneous MCPTT group calls reached",
        [104] = "isfocus not assigned",
        [105] = "subscription not allowed in a broadcast group call",
        [106] = "user not authorised to join chat group",
        [107] = "user not authorised to make private calls",
        [108] = "user not authorised to make chat group calls",
        [109] = "user not authorised to make prearranged group calls",
        [110] = "user declined the call invitation",
        [111] = "group call proceeded without all required group members",
        [112] = "group call abandoned due to required group members not part of the group session",
        [113] = "group document does not exist",
        [114] = "unable to retrieve group document",
        [115] = "group is disabled",
        [116] = "user is not part of the MCPTT group",
        [117] = "the group identity indicated in the request is a prearranged group",
        [118] = "the group identity indicated in the request is a chat group",
        [119] = "user is not authorised to initiate the group call",
        [120] = "user is not affiliated to this group",
        [121] = "user is not authorised to join the group call",
        [122] = "too many participants",
        [123] = "MCPTT session already exists",
        [124] = "maximum number of private calls reached",
        [125] = "user not authorised to make private call with automatic commencement",
        [126] = "user not authorised to make private call with manual commencement",
        [127] = "user not authorised to be called in private call",
        [128] = "isfocus already assigned",
        [136] = "authentication of the MIKEY-SAKKE I_MESSAGE failed",
        [137] = "the indicated group call does not exist",
        [138] = "subscription of conference events not allowed",
        [139] = "integrity protection check failed",
        [140] = "unable to decrypt XML content",
        [141] = "user unknown to the participating function",
        [142] = "unable to determine the controlling function",
        [143] = "not authorised to force auto answer",
        [144] = "user not authorised to call this particular user",
        [145] = "unable to determine called party",
        [146] = "unable to determine the service settings for the called user",
        [147] = "user is authorised to initiate a temporary group call",
        [148] = "MCPTT group is regrouped",
        [149] = "SIP INFO request pending",
        [150] = "invalid combinations of data received in MIME body",
        [151] = "user not authorised to make a private call call-back request",
        [152] = "user not authorised to make a private call call-back cancel request",
        [153] = "user not authorised to call any of the users requested in the first-to-answer call",
        [154] = "user not authorised to make ambient listening call",
        [156] = "user not authorised to originate a first-to-answer call",
        [159] = "user not on the list of users allowed to call the called user",
        [163] = "group identity does not exist",
        [165] = "group identity for the regroup is already in use",
        [167] = "call is not allowed on the preconfigured group",
        [168] = "alert is not allowed on the preconfigured group",
        [169] = "regroup in emergency cannot be removed",
        [179] = "user not authorised with the interconnected system",
        [184] = "user not authorised to originate an ad hoc group call",
        [185] = "user not authorised to participate in an ad hoc group call",
        [186] = "ad hoc group call not supported",
        [188] = "participant not authorised for the ad hoc group call",
        [189] = "too many participants in the ad hoc group call",
        [190] = "change of the participants of the ad hoc group call not authorised",
    }.ToFrozenDictionary();

    public static WarningText Of(int number) => new(number, Table[number]);

    /// <summary>100 names its reason (TS 24.379 table 4.4.2-1): what the policy or the missing right is.</summary>
    public static WarningText NotAllowed(string reason) => new(100, reason.Length == 0 ? Table[100] : $"{Table[100]} due to {reason}");

    /// <summary>The value of the header field: 399, the agent, and the text as a quoted string. Number 0 writes the text alone.</summary>
    public string ToHeaderValue(string agent) => $"{WarnCode} {agent} \"{(Number == 0 ? "" : $"{Number:000} ")}{Quote(Text)}\"";

    /// <summary>Reads one header field value. The number is 0 when the text starts with none.</summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out WarningText? warning)
    {
        warning = null;
        var open = value.IndexOf('"', StringComparison.Ordinal);
        var close = value.LastIndexOf('"');
        var words = open < 0 ? [] : value[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (close <= open || words.Length != 2 || words[0] != "399")
        {
            return false;
        }

        var text = Unquote(value[(open + 1)..close]);
        var isNumbered = text.Length > 3 && text[3] == ' ' && int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        warning = isNumbered ? new(int.Parse(text.AsSpan(0, 3), CultureInfo.InvariantCulture), text[4..]) : new(0, text);
        return true;
    }

    // Control characters would end the header field or the message.
    private static string Quote(string text) =>
        string.Concat(text.Select(character => character switch
        {
            '"' or '\\' => "\\" + character,
            < ' ' or '\u007f' => " ",
            _ => character.ToString(),
        }));

    private static string Unquote(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            index += text[index] == '\\' && index + 1 < text.Length ? 1 : 0;
            result.Append(text[index]);
        }

        return result.ToString();
    }
}
