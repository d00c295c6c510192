using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>The lexical rules that several headers share (RFC 3261 25.1).</summary>
internal static class SipGrammar
{
    /// <summary>A quote or angle bracket is not closed.</summary>
    public const int Unbalanced = -2;

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> TokenChars = SearchValues.Create(Alphanumeric + "-.!%*_+`'~");
    private static readonly SearchValues<char> WordChars = SearchValues.Create(Alphanumeric + "-.!%*_+`'~()<>:\\\"/[]?{}@");
    private static readonly SearchValues<char> HostChars = SearchValues.Create(Alphanumeric + "-._");
    private static readonly SearchValues<char> Ipv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> NeverInUri = SearchValues.Create(ControlAndSpace() + "<>\"\\^`{|}");

    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenChars);

    /// <summary>callid = word [ "@" word ], read as any run of word characters.</summary>
    public static bool IsCallId(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(WordChars);

    public static bool IsUriText(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAny(NeverInUri);

    /// <summary>A host name, IPv4 address or bracketed IPv6 reference.</summary>
    public static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host is ['[', .. var inner, ']'])
        {
            return inner.Length >= 2 && !inner.ContainsAnyExcept(Ipv6Chars);
        }

        return host.Length is > 0 and <= 255 && !host.ContainsAnyExcept(HostChars);
    }

    /// <summary>"host", "host:port" or "[v6]:port"; blanks around the colon are allowed where <paramref name="blanks"/> says so (Via, not URIs).</summary>
    public static bool TryHostPort(ReadOnlySpan<char> text, bool blanks, out ReadOnlySpan<char> host, out int port)
    {
        port = 0;
        var hostEnd = text is ['[', ..] ? text.IndexOf(']') + 1 : 0;
        var colon = text[hostEnd..].IndexOf(':');
        host = colon < 0 ? text : text[..(hostEnd + colon)];
        host = blanks ? host.Trim(" \t") : host;
        if (!IsHost(host))
        {
            return false;
        }

        if (colon < 0)
        {
            return true;
        }

        var digits = text[(hostEnd + colon + 1)..];
        return TryNumber(blanks ? digits.Trim(" \t") : digits, 65_535, out var number) && (port = (int)number) > 0;
    }

    public static bool TryNumber(ReadOnlySpan<char> digits, uint max, out uint number) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;

    /// <summary>Position of a character that is neither in quotes nor in angle brackets; -1: none; <see cref="Unbalanced"/>: never closed.</summary>
    public static int IndexOutside(ReadOnlySpan<char> text, char wanted)
    {
        var at = 0;
        while (true)
        {
            var next = text[at..].IndexOfAny(wanted, '"', '<');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == wanted)
            {
                return at;
            }

            var end = text[at] == '"' ? EndOfQuoted(text[at..]) : text[at..].IndexOf('>');
            if (end < 0)
            {
                return Unbalanced;
            }

            at += end + 1;
        }
    }

    /// <summary>Position of the closing quote of a text that starts with a quote; -1: none.</summary>
    public static int EndOfQuoted(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny('"', '\\');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == '"')
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    /// <summary>Takes the next non-empty element off a comma-separated list. False with <paramref name="rest"/> empty: the end; else malformed.</summary>
    public static bool TryNextElement(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> element)
    {
        element = default;
        while (rest.Length > 0)
        {
            var comma = IndexOutside(rest, ',');
            if (comma == Unbalanced)
            {
                return false;
            }

            element = (comma < 0 ? rest : rest[..comma]).Trim(" \t");
            rest = comma < 0 ? default : rest[(comma + 1)..];
            if (element.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of a quoted string without its quotes and escapes; other text as it is.</summary>
    public static string Unquote(ReadOnlySpan<char> text)
    {
        if (text is not ['"', .. var inner, '"'])
        {
            return text.ToString();
        }

        if (!inner.Contains('\\'))
        {
            return inner.ToString();
        }

        var plain = new StringBuilder(inner.Length);
        for (var at = 0; at < inner.Length; at++)
        {
            at += inner[at] == '\\' && at + 1 < inner.Length ? 1 : 0;
            plain.Append(inner[at]);
        }

        return plain.ToString();
    }

    public static string Quote(string text) =>
        text.AsSpan().ContainsAny('"', '\\') ? $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : $"\"{text}\"";

    private static string ControlAndSpace() => string.Concat(Enumerable.Range(0, 33).Append(127).Select(code => (char)code));
}
