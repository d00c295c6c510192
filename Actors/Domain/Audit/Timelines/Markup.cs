using System.Globalization;
using System.Text;
using System.Xml;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Writes XML that is HTML as well. Text is escaped here and nowhere else; what XML cannot carry, or what would disguise a text, is shown as U+FFFD.</summary>
internal sealed class Markup : IDisposable
{
    public const string SvgNamespace = "http://www.w3.org/2000/svg";
    public const string HtmlNamespace = "http://www.w3.org/1999/xhtml";

    private readonly StringBuilder _text = new();
    private readonly Stack<string> _namespaces = new([""]);
    private readonly XmlWriter _xml;

    public Markup(bool isDocument) =>
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineChars = "\n", ConformanceLevel = isDocument ? ConformanceLevel.Document : ConformanceLevel.Fragment });

    public Markup Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(null, name, _namespaces.Peek());
        _namespaces.Push(_namespaces.Peek());
        foreach (var (attribute, value) in attributes)
        {
            _xml.WriteAttributeString(attribute, null, Clean(value));
        }

        return this;
    }

    /// <summary>An element that begins another language (SVG, XHTML): it and what is in it belong to that namespace.</summary>
    public Markup OpenIn(string space, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _namespaces.Push(space);
        Open(name, attributes);
        var inner = _namespaces.Pop();
        _namespaces.Pop();
        _namespaces.Push(inner);
        return this;
    }

    /// <summary>With its end tag, which HTML wants of all but its void elements.</summary>
    public Markup Close()
    {
        _xml.WriteFullEndElement();
        _namespaces.Pop();
        return this;
    }

    public Markup Empty(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(name, attributes);
        _xml.WriteEndElement();
        _namespaces.Pop();
        return this;
    }

    public Markup Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes) => Open(name, attributes).Text(text).Close();

    public Markup Text(string text)
    {
        _xml.WriteString(Clean(text));
        return this;
    }

    public Markup Line()
    {
        _xml.WriteWhitespace("\n");
        return this;
    }

    /// <summary>Only for what stands in this program: style and script.</summary>
    public Markup Constant(string text)
    {
        _xml.WriteRaw(text);
        return this;
    }

    public override string ToString()
    {
        _xml.Flush();
        return _text.ToString();
    }

    public void Dispose() => _xml.Dispose();

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    // Format characters (Cf) can turn the direction of a text around: a picture that is evidence shows that they are there.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isLine = rune.Value == '\n';
            var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(isHidden && !isLine ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }
}
