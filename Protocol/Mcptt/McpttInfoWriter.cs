using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

internal static class McpttInfoWriter
{
    private static readonly XNamespace Namespace = McpttIdentifiers.McpttInfoNamespace;

    public static byte[] Write(McpttInfo info)
    {
        var parameters = new XElement(Namespace + "mcptt-Params");
        foreach (var field in Enum.GetValues<McpttInfoField>())
        {
            if (field == McpttInfoField.AnyExt)
            {
                parameters.Add(info.UnknownElements.Select(xml => XElement.Parse(xml)));
            }

            if (Element(info, field) is { } element)
            {
                parameters.Add(element);
            }
        }

        return BoundedXml.Write(new XElement(Namespace + "mcpttinfo", parameters));
    }

    private static XElement? Element(McpttInfo info, McpttInfoField field)
    {
        if (info.EncryptedXml(field) is { } encrypted)
        {
            return XElement.Parse(encrypted);
        }

        if (info[field] is not { } value)
        {
            return null;
        }

        var name = Namespace + McpttInfoSchema.NameOf(field);
        return McpttInfoSchema.ContentOf(field) switch
        {
            McpttInfoContent.Raw => XElement.Parse(value),
            McpttInfoContent.PlainText or McpttInfoContent.PlainBoolean => new XElement(name, value),
            var content => new XElement(name, new XAttribute("type", "Normal"), new XElement(Namespace + McpttInfoSchema.ChildOf(content), value)),
        };
    }
}
