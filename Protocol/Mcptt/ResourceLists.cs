using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

/// <summary>The body application/resource-lists+xml (RFC 4826 3) as far as calls need it: the URIs of its entries in document order, nested lists included.</summary>
public sealed record ResourceLists(IReadOnlyList<string> EntryUris)
{
    private const string Namespace = McpttIdentifiers.ResourceListsNamespace;

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ResourceLists? lists, out XmlFault fault)
    {
        lists = null;
        if (!BoundedXml.TryRead(body, out var root, out fault))
        {
            return false;
        }

        if (!root.Is(Namespace, "resource-lists"))
        {
            fault = BoundedXml.FaultAt(root, $"the root is <{root.Name.LocalName}>, not <resource-lists>");
            return false;
        }

        var uris = new List<string>();
        foreach (var entry in root.Descendants().Where(element => element.Is(Namespace, "entry")))
        {
            if (entry.Attribute("uri")?.Value.Trim() is not { Length: > 0 } uri)
            {
                fault = BoundedXml.FaultAt(entry, "<entry> has no uri");
                return false;
            }

            uris.Add(uri);
        }

        lists = new ResourceLists(uris);
        return true;
    }

    public byte[] ToBytes()
    {
        XNamespace ns = Namespace;
        return BoundedXml.Write(
            new XElement(ns + "resource-lists", new XElement(ns + "list", EntryUris.Select(uri => new XElement(ns + "entry", new XAttribute("uri", uri))))));
    }
}
