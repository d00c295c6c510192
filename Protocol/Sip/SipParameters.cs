using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>";name=value;name" as it stood in a header or URI, read when asked. Names are compared without case.</summary>
public readonly struct SipParameters : IEquatable<SipParameters>
{
    private static readonly SearchValues<char> NeverBare = SearchValues.Create(" \t\",;<>=?@");

    private readonly string? _text;

    /// <param name="text">Empty, or starting with a semicolon.</param>
    internal SipParameters(string text) => _text = text;

    public static SipParameters None => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    public string? this[string name] => TryGet(name, out var value) ? value : null;

    public static bool operator ==(SipParameters left, SipParameters right) => left.Equals(right);

    public static bool operator !=(SipParameters left, SipParameters right) => !left.Equals(right);

    /// <summary>Value without quotes and escapes; empty for a parameter without value.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        ReadOnlySpan<char> rest = _text;
        while (TryNext(ref rest, out var found, out var raw))
        {
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = SipGrammar.Unquote(raw);
                return true;
            }
        }

        return false;
    }

    public bool Contains(string name)
    {
        ReadOnlySpan<char> rest = _text;
        while (TryNext(ref rest, out var found, out _))
        {
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All of them in order, values as in <see cref="TryGet"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToList()
    {
        var list = new List<KeyValuePair<string, string>>();
        ReadOnlySpan<char> rest = _text;
        while (TryNext(ref rest, out var name, out var raw))
        {
            list.Add(new(name.ToString(), SipGrammar.Unquote(raw)));
        }

        return list;
    }

    /// <summary>The same set with this parameter set last. The value is quoted unless it is a token, or <paramref name="quoted"/> asks for it.</summary>
    public SipParameters With(string name, string? value = null, bool quoted = false)
    {
        var written = string.IsNullOrEmpty(value) ? "" : quoted || !IsBareValue(value) ? "=" + SipGrammar.Quote(value) : "=" + value;
        return new(Without(name)._text + ";" + name + written);
    }

    public SipParameters Without(string name)
    {
        if (!Contains(name))
        {
            return this;
        }

        var kept = "";
        ReadOnlySpan<char> rest = _text;
        while (TryNext(ref rest, out var found, out var raw))
        {
            if (!found.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                kept += raw.Length == 0 ? $";{found}" : $";{found}={raw}";
            }
        }

        return new(kept);
    }

    public bool Equals(SipParameters other) => ToString() == other.ToString();

    public override bool Equals(object? obj) => obj is SipParameters other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text ?? "";

    /// <summary>Whether a text is *( ";" generic-param ) with blanks where RFC 3261 allows them.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (text[0] != ';')
            {
                return false;
            }

            var end = SipGrammar.IndexOutside(text[1..], ';');
            var one = end < 0 ? text[1..] : text[1..(end + 1)];
            if (end == SipGrammar.Unbalanced || !IsWellFormedOne(one))
            {
                return false;
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return true;
    }

    internal static bool TryNext(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out ReadOnlySpan<char> raw)
    {
        name = raw = default;
        while (rest.Length > 0)
        {
            rest = rest[0] == ';' ? rest[1..] : rest;
            var end = SipGrammar.IndexOutside(rest, ';');
            var one = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..];
            var equals = one.IndexOf('=');
            name = (equals < 0 ? one : one[..equals]).Trim(" \t");
            raw = equals < 0 ? default : one[(equals + 1)..].Trim(" \t");
            if (name.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    // Read leniently: a name without blanks or quotes, a value without blanks unless quoted. An empty one (";;") is harmless.
    private static bool IsWellFormedOne(ReadOnlySpan<char> one)
    {
        var equals = one.IndexOf('=');
        var name = (equals < 0 ? one : one[..equals]).Trim(" \t");
        var value = equals < 0 ? default : one[(equals + 1)..].Trim(" \t");
        if (name.ContainsAny(" \t\"<>") || (name.Length == 0 && equals >= 0))
        {
            return false;
        }

        return value is ['"', ..] ? SipGrammar.EndOfQuoted(value) == value.Length - 1 : !value.ContainsAny(" \t\"");
    }

    // gen-value is also a host: an IPv6 reference stands bare (Via received, maddr). URIs in parameters are not quoted either.
    private static bool IsBareValue(string value) =>
        SipGrammar.IsToken(value) || SipGrammar.IsHost(value) || !value.AsSpan().ContainsAny(NeverBare);
}
