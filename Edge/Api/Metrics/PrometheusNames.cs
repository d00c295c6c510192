using System.Globalization;
using System.Text;

namespace Mcptt.Api.Metrics;

/// <summary>
/// Names as Prometheus wants them, made from those of the instruments by the rules that OpenTelemetry states for it: other characters become "_", the unit
/// and for counters "_total" are put behind.
/// </summary>
public static class PrometheusNames
{
    private const string Total = "_total";

    // Ends of names that only histograms may have.
    private static readonly string[] Reserved = ["_count", "_sum", "_bucket"];

    public static string Of(string instrument, string? unit, bool isCounter)
    {
        var name = Plain(instrument);
        var suffix = UnitOf(unit);
        if (suffix.Length > 0 && !name.EndsWith(suffix, StringComparison.Ordinal))
        {
            name += suffix;
        }

        return !isCounter ? Reserved.Any(end => name.EndsWith(end, StringComparison.Ordinal)) ? name + "_current" : name
            : name.EndsWith(Total, StringComparison.Ordinal) ? name
            : name + Total;
    }

    public static string Label(string tag) => Plain(tag);

    internal static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Plain(key)).Append("=\"");
            AppendEscaped(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true);
            text.Append('"');
        }

        return text.ToString();
    }

    internal static void AppendEscaped(StringBuilder text, string value, bool quotes)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }

    // "{packets}" only says what is counted.
    private static string UnitOf(string? unit) =>
        unit switch
        {
            null or "" or "1" => "",
            "s" => "_seconds",
            "By" => "_bytes",
            _ when unit.StartsWith('{') => "",
            _ => "_" + Plain(unit),
        };

    private static string Plain(string name) =>
        string.Create(name.Length, name, static (plain, from) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = char.IsAsciiLetterOrDigit(from[i]) && (i > 0 || !char.IsAsciiDigit(from[i])) ? from[i] : '_';
            }
        });
}
