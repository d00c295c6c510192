namespace Mcptt.Protocol.Sip;

internal ref struct ViaSlices
{
    public ReadOnlySpan<char> Transport;
    public ReadOnlySpan<char> Host;
    public int Port;
    public ReadOnlySpan<char> Parameters;

    // sent-protocol LWS sent-by *( SEMI via-params ); blanks may stand around each slash and colon.
    public static bool TryRead(ReadOnlySpan<char> text, out ViaSlices via)
    {
        via = default;
        if (!TryTakeToSlash(ref text, out var name) || !TryTakeToSlash(ref text, out var version))
        {
            return false;
        }

        text = text.TrimStart(" \t");
        var blank = text.IndexOfAny(' ', '\t');
        if (blank < 0 || !SipGrammar.IsToken(name) || !SipGrammar.IsToken(version) || !SipGrammar.IsToken(text[..blank]))
        {
            return false;
        }

        via.Transport = text[..blank];
        text = text[blank..].Trim(" \t");
        var semicolon = text.IndexOf(';');
        via.Parameters = semicolon < 0 ? default : text[semicolon..];
        return SipGrammar.TryHostPort((semicolon < 0 ? text : text[..semicolon]).TrimEnd(" \t"), blanks: true, out via.Host, out via.Port)
            && SipParameters.IsWellFormed(via.Parameters);
    }

    private static bool TryTakeToSlash(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> taken)
    {
        var slash = text.IndexOf('/');
        taken = slash < 0 ? default : text[..slash].Trim(" \t");
        text = slash < 0 ? text : text[(slash + 1)..];
        return slash > 0;
    }
}
