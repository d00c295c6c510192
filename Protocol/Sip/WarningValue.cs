using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>One Warning (RFC 3261 20.43): code, who says it, text.</summary>
public sealed record WarningValue(int Code, string Agent, string Text)
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out WarningValue? value)
    {
        value = null;
        text = text.Trim(" \t");
        if (text.Length < 4 || text[3] is not (' ' or '\t') || !SipGrammar.TryNumber(text[..3], 999, out var code))
        {
            return false;
        }

        text = text[4..].TrimStart(" \t");
        var blank = text.IndexOfAny(' ', '\t');
        var quoted = blank < 0 ? default : text[blank..].Trim(" \t");
        if (blank <= 0 || quoted is not ['"', .., '"'] || SipGrammar.EndOfQuoted(quoted) != quoted.Length - 1)
        {
            return false;
        }

        value = new WarningValue((int)code, text[..blank].ToString(), SipGrammar.Unquote(quoted));
        return true;
    }

    public override string ToString() => $"{Code} {Agent} {SipGrammar.Quote(Text)}";
}
