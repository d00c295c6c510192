namespace Mcptt.Protocol.Mcptt;

/// <summary>Body types, as IANA registered them.</summary>
public static class McpttMimeTypes
{
    public const string McpttInfo = "application/vnd.3gpp.mcptt-info+xml";
    public const string AffiliationCommand = "application/vnd.3gpp.mcptt-affiliation-command+xml";
    public const string FloorRequest = "application/vnd.3gpp.mcptt-floor-request+xml";
    public const string LocationInfo = "application/vnd.3gpp.mcptt-location-info+xml";
    public const string MbmsUsageInfo = "application/vnd.3gpp.mcptt-mbms-usage-info+xml";
    public const string ServiceConfig = "application/vnd.3gpp.mcptt-service-config+xml";
    public const string UeConfig = "application/vnd.3gpp.mcptt-ue-config+xml";
    public const string UeInitConfig = "application/vnd.3gpp.mcptt-ue-init-config+xml";
    public const string UserProfile = "application/vnd.3gpp.mcptt-user-profile+xml";
    public const string Signed = "application/vnd.3gpp.mcptt-signed+xml";
    public const string Regroup = "application/vnd.3gpp.mcptt-regroup+xml";
    public const string PocSettings = "application/poc-settings+xml";
    public const string Pidf = "application/pidf+xml";
    public const string SimpleFilter = "application/simple-filter+xml";
    public const string ResourceLists = "application/resource-lists+xml";
    public const string ConferenceInfo = "application/conference-info+xml";
    public const string XcapDiff = "application/xcap-diff+xml";
    public const string PocGroups = "application/vnd.oma.poc.groups+xml";
    public const string Sdp = "application/sdp";
    public const string MessageSip = "message/sip";
    public const string MultipartMixed = "multipart/mixed";
}
