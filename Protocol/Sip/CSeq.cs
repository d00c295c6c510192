using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

public sealed record CSeq(uint Number, string Method)
{
    /// <summary>RFC 3261 8.1.1.5: less than 2^31.</summary>
    public const uint MaxNumber = int.MaxValue;

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CSeq? value)
    {
        value = TryRead(text, out var number, out var method) ? new CSeq(number, SipMethods.Intern(method)) : null;
        return value is not null;
    }

    public override string ToString() => $"{Number} {Method}";

    internal static bool TryRead(ReadOnlySpan<char> text, out uint number, out ReadOnlySpan<char> method)
    {
        text = text.Trim(" \t");
        var blank = text.IndexOfAny(' ', '\t');
        method = blank < 0 ? default : text[(blank + 1)..].TrimStart(" \t");
        number = 0;
        return blank > 0 && SipGrammar.TryNumber(text[..blank], MaxNumber, out number) && SipGrammar.IsToken(method);
    }
}
