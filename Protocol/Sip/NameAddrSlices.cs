namespace Mcptt.Protocol.Sip;

internal ref struct NameAddrSlices
{
    public ReadOnlySpan<char> DisplayName;
    public ReadOnlySpan<char> Uri;
    public ReadOnlySpan<char> Parameters;

    public static bool TryRead(ReadOnlySpan<char> text, out NameAddrSlices value)
    {
        value = default;
        text = text.Trim(" \t");
        var bracket = 0;
        if (text is ['"', ..])
        {
            var end = SipGrammar.EndOfQuoted(text);
            if (end < 0)
            {
                return false;
            }

            value.DisplayName = text[..(end + 1)];
            bracket = end + 1 + text[(end + 1)..].IndexOfAnyExcept(' ', '\t');
            if (bracket <= end || text[bracket] != '<')
            {
                return false;
            }
        }
        else
        {
            // A bracket inside a quoted parameter value is none of ours.
            var special = text.IndexOfAny('<', '"');
            bracket = special >= 0 && text[special] == '<' ? special : -1;
            value.DisplayName = bracket > 0 ? text[..bracket].Trim(" \t") : default;
        }

        return value.TryReadAddress(text, bracket)
            && SipUriSlices.IsUri(value.Uri) && SipParameters.IsWellFormed(value.Parameters);
    }

    private bool TryReadAddress(ReadOnlySpan<char> text, int bracket)
    {
        if (bracket < 0)
        {
            var semicolon = text.IndexOf(';');
            Uri = (semicolon < 0 ? text : text[..semicolon]).Trim(" \t");
            Parameters = semicolon < 0 ? default : text[semicolon..];
            return true;
        }

        var close = text[bracket..].IndexOf('>');
        if (close < 0)
        {
            return false;
        }

        Uri = text[(bracket + 1)..(bracket + close)].Trim(" \t");
        Parameters = text[(bracket + close + 1)..].TrimStart(" \t");
        return true;
    }
}
