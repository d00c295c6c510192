namespace Mcptt.Protocol.Mcptt;

/// <summary>The children of mcptt-Params in the order of the schema (TS 24.379 F.1.2); the number is the place.</summary>
public enum McpttInfoField
{
    AccessToken,
    SessionType,
    RequestUri,
    CallingUserId,
    CalledPartyId,
    CallingGroupId,
    Required,
    EmergencyInd,
    AlertInd,
    ImminentPerilInd,
    BroadcastInd,
    McOrg,
    FloorState,
    AssociatedGroupId,
    OriginatedBy,
    MkfcGktps,
    ClientId,
    AlertIndRcvd,
    AnyExt,
}

/// <summary>How the content of a field is written. All but Plain and Raw are "contentType" elements with a typed child.</summary>
internal enum McpttInfoContent
{
    PlainText,
    PlainBoolean,
    Uri,
    Text,
    Boolean,
    Raw,
}

internal static class McpttInfoSchema
{
    private static readonly (string Name, McpttInfoContent Content)[] Rows =
    [
        ("mcptt-access-token", McpttInfoContent.Text),
        ("session-type", McpttInfoContent.PlainText),
        ("mcptt-request-uri", McpttInfoContent.Uri),
        ("mcptt-calling-user-id", McpttInfoContent.Uri),
        ("mcptt-called-party-id", McpttInfoContent.Uri),
        ("mcptt-calling-group-id", McpttInfoContent.Uri),
        ("required", McpttInfoContent.Boolean),
        ("emergency-ind", McpttInfoContent.Boolean),
        ("alert-ind", McpttInfoContent.Boolean),
        ("imminentperil-ind", McpttInfoContent.Boolean),
        ("broadcast-ind", McpttInfoContent.PlainBoolean),
        ("mc-org", McpttInfoContent.PlainText),
        ("floor-state", McpttInfoContent.PlainText),
        ("associated-group-id", McpttInfoContent.Uri),
        ("originated-by", McpttInfoContent.Uri),
        ("MKFC-GKTPs", McpttInfoContent.Raw),
        ("mcptt-client-id", McpttInfoContent.Text),
        ("alert-ind-rcvd", McpttInfoContent.Boolean),
        ("anyExt", McpttInfoContent.Raw),
    ];

    public static int Count => Rows.Length;

    public static string NameOf(McpttInfoField field) => Rows[(int)field].Name;

    public static McpttInfoContent ContentOf(McpttInfoField field) => Rows[(int)field].Content;

    /// <summary>The child of a contentType element (TS 24.379 F.1.2).</summary>
    public static string ChildOf(McpttInfoContent content) =>
        content switch
        {
            McpttInfoContent.Uri => "mcpttURI",
            McpttInfoContent.Text => "mcpttString",
            McpttInfoContent.Boolean => "mcpttBoolean",
            _ => throw new ArgumentOutOfRangeException(nameof(content), content, "only a contentType element has a typed child"),
        };

    public static bool TryFind(string name, out McpttInfoField field)
    {
        // Names are compared whole: alert-ind is a prefix of alert-ind-rcvd.
        var index = Array.FindIndex(Rows, row => row.Name == name);
        field = (McpttInfoField)Math.Max(index, 0);
        return index >= 0;
    }
}
