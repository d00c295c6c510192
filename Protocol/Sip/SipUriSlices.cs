using System.Buffers;

namespace Mcptt.Protocol.Sip;

/// <summary>Where the parts of a URI lie in its text; made without allocation, so that the parser can check every URI of a message.</summary>
internal ref struct SipUriSlices
{
    // RFC 3966 3: phonedigit-hex and visual separators.
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("+0123456789abcdefABCDEF*#-.()");

    public string Scheme;
    public bool HasUser;
    public bool HasPassword;
    public ReadOnlySpan<char> User;
    public ReadOnlySpan<char> Password;
    public ReadOnlySpan<char> Host;
    public int Port;
    public ReadOnlySpan<char> Parameters;
    public ReadOnlySpan<char> Headers;

    public static bool TryRead(ReadOnlySpan<char> text, out SipUriSlices uri)
    {
        uri = default;
        var colon = text.IndexOf(':');
        if (colon < 3 || !SipGrammar.IsUriText(text))
        {
            return false;
        }

        uri.Scheme = KnownScheme(text[..colon]);
        var rest = text[(colon + 1)..];
        return uri.Scheme switch
        {
            "" => false,
            "tel" => uri.TryReadNumber(rest),
            _ => uri.TryReadAddress(rest),
        };
    }

    /// <summary>Whether a text is a URI at all: one of ours, well-formed, or any other absolute URI.</summary>
    public static bool IsUri(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon < 1 || !SipGrammar.IsUriText(text) || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        foreach (var letter in text[..colon])
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return KnownScheme(text[..colon]).Length == 0 ? text.Length > colon + 1 : TryRead(text, out _);
    }

    private static string KnownScheme(ReadOnlySpan<char> scheme) =>
        scheme.Equals("sip", StringComparison.OrdinalIgnoreCase) ? "sip"
        : scheme.Equals("tel", StringComparison.OrdinalIgnoreCase) ? "tel"
        : scheme.Equals("sips", StringComparison.OrdinalIgnoreCase) ? "sips"
        : "";

    private bool TryReadNumber(ReadOnlySpan<char> rest)
    {
        var semicolon = rest.IndexOf(';');
        User = semicolon < 0 ? rest : rest[..semicolon];
        Parameters = semicolon < 0 ? default : rest[semicolon..];
        HasUser = true;
        return User.Length > 0 && !User.ContainsAnyExcept(NumberChars) && SipParameters.IsWellFormed(Parameters);
    }

    // The user part may hold ";" and "?" (user-unreserved), so the at sign decides first (RFC 3261 25.1).
    private bool TryReadAddress(ReadOnlySpan<char> rest)
    {
        var at = rest.IndexOf('@');
        if (at >= 0)
        {
            var info = rest[..at];
            rest = rest[(at + 1)..];
            var colon = info.IndexOf(':');
            HasUser = true;
            HasPassword = colon >= 0;
            User = colon < 0 ? info : info[..colon];
            Password = colon < 0 ? default : info[(colon + 1)..];
            if (User.Length == 0 || rest.Contains('@') || !EscapesAreWhole(info))
            {
                return false;
            }
        }

        var question = rest.IndexOf('?');
        Headers = question < 0 ? default : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        var semicolon = rest.IndexOf(';');
        Parameters = semicolon < 0 ? default : rest[semicolon..];
        rest = semicolon < 0 ? rest : rest[..semicolon];
        return SipGrammar.TryHostPort(rest, blanks: false, out Host, out Port)
            && EscapesAreWhole(Parameters) && EscapesAreWhole(Headers) && SipParameters.IsWellFormed(Parameters);
    }

    // escaped = "%" HEXDIG HEXDIG
    private static bool EscapesAreWhole(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0;)
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }

            text = text[(at + 3)..];
            at = text.IndexOf('%');
        }

        return true;
    }
}
