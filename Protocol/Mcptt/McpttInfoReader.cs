using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

internal static class McpttInfoReader
{
    private const string Namespace = McpttIdentifiers.McpttInfoNamespace;

    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out McpttInfo? info, out XmlFault fault)
    {
        info = null;
        if (!BoundedXml.TryRead(body, out var root, out fault))
        {
            return false;
        }

        if (!root.Is(Namespace, "mcpttinfo"))
        {
            fault = BoundedXml.FaultAt(root, $"the root is <{root.Name.LocalName}>, not <mcpttinfo>");
            return false;
        }

        var unknown = new List<string>();
        var read = new McpttInfo { UnknownElements = unknown };
        foreach (var element in root.Elements().Where(element => element.Is(Namespace, "mcptt-Params")).Take(1).Elements())
        {
            if (!TryReadElement(element, read, unknown, out fault))
            {
                return false;
            }
        }

        info = read;
        return true;
    }

    private static bool TryReadElement(XElement element, McpttInfo into, List<string> unknown, out XmlFault fault)
    {
        fault = default;
        if (!McpttInfoSchema.TryFind(element.Name.LocalName, out var field) || !element.Is(Namespace, element.Name.LocalName))
        {
            unknown.Add(Raw(element));
            return true;
        }

        if (into[field] is not null || into.IsEncrypted(field))
        {
            fault = BoundedXml.FaultAt(element, $"<{element.Name.LocalName}> stands twice");
            return false;
        }

        var content = McpttInfoSchema.ContentOf(field);
        if (content == McpttInfoContent.Raw)
        {
            into[field] = Raw(element);
            return true;
        }

        if (IsEncrypted(element))
        {
            into.SetEncrypted(field, Raw(element));
            return true;
        }

        // The typed child, or the value directly as some clients write it.
        var text = (element.HasElements ? element.Elements().First() : element).Value.Trim();
        if (content is McpttInfoContent.Boolean or McpttInfoContent.PlainBoolean)
        {
            if (!TryReadBoolean(text, out text))
            {
                fault = BoundedXml.FaultAt(element, $"<{element.Name.LocalName}> is neither true nor false");
                return false;
            }
        }

        into[field] = text;
        return true;
    }

    private static bool IsEncrypted(XElement element) =>
        element.Attribute("type")?.Value == "Encrypted" || element.Elements().Any(child => child.Name.NamespaceName == McpttIdentifiers.XmlEncryptionNamespace);

    // xs:boolean also allows 1 and 0.
    private static bool TryReadBoolean(string text, out string canonical)
    {
        canonical = text switch { "true" or "1" => "true", "false" or "0" => "false", _ => "" };
        return canonical.Length > 0;
    }

    private static string Raw(XElement element) => element.ToString(SaveOptions.DisableFormatting);
}
