using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mcptt.Load.Profiles;

/// <summary>A text with one number in it: {n}, or {n:5} for at least five digits.</summary>
internal sealed partial class NumberPattern
{
    private readonly string _before;
    private readonly string _after;
    private readonly string _format;

    private NumberPattern(string before, string after, string format) => (_before, _after, _format) = (before, after, format);

    public static bool TryParse(string text, [NotNullWhen(true)] out NumberPattern? pattern)
    {
        pattern = null;
        var places = Place().Matches(text);
        if (places.Count != 1)
        {
            return false;
        }

        var place = places[0];
        pattern = new NumberPattern(text[..place.Index], text[(place.Index + place.Length)..], place.Groups[1].Success ? "D" + place.Groups[1].Value : "D");
        return true;
    }

    public string For(uint number) => string.Concat(_before, number.ToString(_format, CultureInfo.InvariantCulture), _after);

    [GeneratedRegex(@"\{n(?::([1-9]))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
