using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Mcptt;

/// <summary>
/// The body application/vnd.3gpp.mcptt-info+xml (TS 24.379 F.1). Values are text as the wire has it; an absent element is null.
/// An encrypted element has no value here and is listed in <see cref="EncryptedFields"/>; what this class does not know is kept and written again.
/// </summary>
public sealed class McpttInfo
{
    private readonly string?[] _values = new string?[McpttInfoSchema.Count];
    private readonly bool[] _encrypted = new bool[McpttInfoSchema.Count];

    public string? AccessToken { get => this[McpttInfoField.AccessToken]; init => this[McpttInfoField.AccessToken] = value; }

    /// <summary>prearranged, chat, private, first-to-answer, ambient-listening, adhoc.</summary>
    public string? SessionType { get => this[McpttInfoField.SessionType]; init => this[McpttInfoField.SessionType] = value; }

    public string? RequestUri { get => this[McpttInfoField.RequestUri]; init => this[McpttInfoField.RequestUri] = value; }

    public string? CallingUserId { get => this[McpttInfoField.CallingUserId]; init => this[McpttInfoField.CallingUserId] = value; }

    public string? CalledPartyId { get => this[McpttInfoField.CalledPartyId]; init => this[McpttInfoField.CalledPartyId] = value; }

    public string? CallingGroupId { get => this[McpttInfoField.CallingGroupId]; init => this[McpttInfoField.CallingGroupId] = value; }

    public bool? Required { get => Flag(McpttInfoField.Required); init => SetFlag(McpttInfoField.Required, value); }

    public bool? EmergencyInd { get => Flag(McpttInfoField.EmergencyInd); init => SetFlag(McpttInfoField.EmergencyInd, value); }

    public bool? AlertInd { get => Flag(McpttInfoField.AlertInd); init => SetFlag(McpttInfoField.AlertInd, value); }

    public bool? ImminentPerilInd { get => Flag(McpttInfoField.ImminentPerilInd); init => SetFlag(McpttInfoField.ImminentPerilInd, value); }

    public bool? BroadcastInd { get => Flag(McpttInfoField.BroadcastInd); init => SetFlag(McpttInfoField.BroadcastInd, value); }

    public string? McOrg { get => this[McpttInfoField.McOrg]; init => this[McpttInfoField.McOrg] = value; }

    public string? FloorState { get => this[McpttInfoField.FloorState]; init => this[McpttInfoField.FloorState] = value; }

    public string? AssociatedGroupId { get => this[McpttInfoField.AssociatedGroupId]; init => this[McpttInfoField.AssociatedGroupId] = value; }

    public string? OriginatedBy { get => this[McpttInfoField.OriginatedBy]; init => this[McpttInfoField.OriginatedBy] = value; }

    public string? ClientId { get => this[McpttInfoField.ClientId]; init => this[McpttInfoField.ClientId] = value; }

    public bool? AlertIndRcvd { get => Flag(McpttInfoField.AlertIndRcvd); init => SetFlag(McpttInfoField.AlertIndRcvd, value); }

    /// <summary>The whole element MKFC-GKTPs as XML text.</summary>
    public string? MkfcGktps { get => this[McpttInfoField.MkfcGktps]; init => this[McpttInfoField.MkfcGktps] = value; }

    /// <summary>The whole element anyExt as XML text: extensions of later releases.</summary>
    public string? AnyExt { get => this[McpttInfoField.AnyExt]; init => this[McpttInfoField.AnyExt] = value; }

    /// <summary>Elements of mcptt-Params that the schema does not name, as XML texts; written before anyExt.</summary>
    public IReadOnlyList<string> UnknownElements { get; init; } = [];

    /// <summary>Elements with type="Encrypted" (TS 33.180 9.3.4). A server without the key answers 403 "140".</summary>
    public IEnumerable<McpttInfoField> EncryptedFields => Enum.GetValues<McpttInfoField>().Where(IsEncrypted);

    internal string? this[McpttInfoField field]
    {
        get => _encrypted[(int)field] ? null : _values[(int)field];
        set => _values[(int)field] = value;
    }

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out McpttInfo? info, out XmlFault fault) =>
        McpttInfoReader.TryRead(body, out info, out fault);

    public byte[] ToBytes() => McpttInfoWriter.Write(this);

    internal bool IsEncrypted(McpttInfoField field) => _encrypted[(int)field];

    internal string? EncryptedXml(McpttInfoField field) => _encrypted[(int)field] ? _values[(int)field] : null;

    internal void SetEncrypted(McpttInfoField field, string xml)
    {
        _values[(int)field] = xml;
        _encrypted[(int)field] = true;
    }

    private bool? Flag(McpttInfoField field) => this[field] is { } text ? text == "true" : null;

    private void SetFlag(McpttInfoField field, bool? value) => this[field] = value switch { true => "true", false => "false", null => null };
}
