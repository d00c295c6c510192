using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

/// <summary>Reads and writes small XML bodies: no DTD, no entities, no external resources, bounded in size, depth and number of elements.</summary>
internal static class BoundedXml
{
    private static readonly XmlReaderSettings ReaderSettings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = XmlLimits.MaxBytes,
        CloseInput = true,
    };

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "  ",
        NewLineChars = "\r\n",
        NewLineHandling = NewLineHandling.Entitize,
        // Text that XML cannot carry makes a body that the peer refuses, not an exception here.
        CheckCharacters = false,
    };

    public static bool TryRead(ReadOnlySpan<byte> document, [NotNullWhen(true)] out XElement? root, out XmlFault fault)
    {
        root = null;
        fault = default;
        if (document.Length > XmlLimits.MaxBytes)
        {
            fault = new($"the document has {document.Length} bytes, {XmlLimits.MaxBytes} are allowed", 0, 0);
            return false;
        }

        // Bodies often come with a line break before the declaration, which XML does not allow.
        document = document.Trim("\r\n\t "u8);
        using var reader = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), ReaderSettings);
        try
        {
            root = ReadTree(reader, out fault);
            return root is not null;
        }
        catch (XmlException exception)
        {
            // XmlReader has no other way to say that its input is malformed.
            fault = new("not well-formed: " + FirstSentence(exception.Message), exception.LineNumber, exception.LinePosition);
            root = null;
            return false;
        }
    }

    public static byte[] Write(XElement root)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, WriterSettings))
        {
            new XDocument(new XDeclaration("1.0", "UTF-8", null), root).WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>True for an element of the namespace, or of none: clients in the field leave the declaration out.</summary>
    public static bool Is(this XElement element, string namespaceName, string localName) =>
        element.Name.LocalName == localName && (element.Name.NamespaceName == namespaceName || element.Name.NamespaceName.Length == 0);

    public static XmlFault FaultAt(XObject place, string reason) =>
        place is IXmlLineInfo info && info.HasLineInfo() ? new(reason, info.LineNumber, info.LinePosition) : new(reason, 0, 0);

    private static XElement? ReadTree(XmlReader reader, out XmlFault fault)
    {
        fault = default;
        XElement? root = null;
        XElement? open = null;
        var elements = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (++elements > XmlLimits.MaxElements || reader.Depth >= XmlLimits.MaxDepth || reader.AttributeCount > XmlLimits.MaxAttributesPerElement)
                    {
                        fault = Here(reader, $"too large: at most {XmlLimits.MaxElements} elements, {XmlLimits.MaxDepth} deep, with {XmlLimits.MaxAttributesPerElement} attributes each");
                        return null;
                    }

                    var isEmpty = reader.IsEmptyElement;
                    var element = ReadElement(reader);
                    open?.Add(element);
                    root ??= element;
                    open = isEmpty ? open : element;
                    break;
                case XmlNodeType.EndElement:
                    open = open?.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    open?.Add(reader.Value);
                    break;
                default:
                    // White space between elements, the declaration: without meaning in these documents.
                    break;
            }
        }

        return root;
    }

    private static XElement ReadElement(XmlReader reader)
    {
        var element = new PlacedElement(XName.Get(reader.LocalName, reader.NamespaceURI), reader as IXmlLineInfo);
        while (reader.MoveToNextAttribute())
        {
            var name = reader.Prefix.Length == 0 && reader.LocalName == "xmlns"
                ? XName.Get("xmlns")
                : XName.Get(reader.LocalName, reader.NamespaceURI);
            element.SetAttributeValue(name, reader.Value);
        }

        return element;
    }

    private static XmlFault Here(XmlReader reader, string reason) =>
        reader is IXmlLineInfo info ? new(reason, info.LineNumber, info.LinePosition) : new(reason, 0, 0);

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message.TrimEnd('.') : message[..end];
    }

    /// <summary>An element that remembers its place, for faults found after reading.</summary>
    private sealed class PlacedElement(XName name, IXmlLineInfo? place) : XElement(name), IXmlLineInfo
    {
        private readonly int _line = place?.LineNumber ?? 0;
        private readonly int _position = place?.LinePosition ?? 0;

        int IXmlLineInfo.LineNumber => _line;

        int IXmlLineInfo.LinePosition => _position;

        bool IXmlLineInfo.HasLineInfo() => _line > 0;
    }
}
