using System.Globalization;
using System.Text;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>How wide a text is at least likely to be in a common sans-serif: generous, because what does not fit is left out or cut.</summary>
internal static class TextMeasure
{
    private const double Narrow = 0.38;
    private const double Usual = 0.64;
    private const double Broad = 0.72;
    private const double Broadest = 1.0;

    public static double Width(string text, double size) => text.EnumerateRunes().Sum(Share) * size;

    /// <summary>Cut with an ellipsis where it is wider than there is room.</summary>
    public static string Fit(string text, double size, double room)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }

        var left = room - Width("…", size);
        var cut = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            left -= Share(rune) * size;
            if (left < 0)
            {
                break;
            }

            cut.Append(rune);
        }

        return cut.Append('…').ToString();
    }

    private static double Share(Rune rune) =>
        rune.Value switch
        {
            ' ' or '.' or ',' or ':' or ';' or '\'' or '!' or '|' or '(' or ')' or '[' or ']' or 'i' or 'j' or 'l' or 'f' or 't' or 'r' or 'I' => Narrow,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => Broadest,
            > 0x10FF => Broadest,
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter ? Broad : Usual,
        };
}
