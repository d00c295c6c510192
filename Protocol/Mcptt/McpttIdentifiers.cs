namespace Mcptt.Protocol.Mcptt;

/// <summary>Service identifiers, feature tags and namespaces (TS 24.379 annex D and F, RFC 3840, RFC 6050).</summary>
public static class McpttIdentifiers
{
    public const string Icsi = "urn:urn-7:3gpp-service.ims.icsi.mcptt";

    /// <summary>In a feature tag the colons of the ICSI are escaped (TS 24.229 7.2A.8.2).</summary>
    public const string IcsiInFeatureTag = "urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt";

    public const string McpttFeatureTag = "+g.3gpp.mcptt";
    public const string IcsiRefFeatureTag = "+g.3gpp.icsi-ref";
    public const string IsFocus = "isfocus";

    /// <summary>INFO package of RFC 6086 that MCPTT uses.</summary>
    public const string InfoPackage = "g.3gpp.mcptt-info";

    public const string McpttInfoNamespace = "urn:3gpp:ns:mcpttInfo:1.0";
    public const string PresenceInfoNamespace = "urn:3gpp:ns:mcpttPresInfo:1.0";
    public const string PidfNamespace = "urn:ietf:params:xml:ns:pidf";
    public const string ResourceListsNamespace = "urn:ietf:params:xml:ns:resource-lists";
    public const string PocSettingsNamespace = "urn:oma:params:xml:ns:poc:poc-settings";
    public const string XmlEncryptionNamespace = "http://www.w3.org/2001/04/xmlenc#";

    /// <summary>The Expires of a publication or subscription that shall not end by itself (TS 24.379 7.2.2, 9.2.1.2).</summary>
    public const uint ExpiresForEver = 4294967295;
}
