using System.Globalization;
using System.Text;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Parts of a story as Markdown. What comes from users cannot become markup.</summary>
public static class StoryMarkdown
{
    private const string Special = "\\`*_{}[]<>#|~&";

    public static string Of(IEnumerable<StoryTable> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append("## ").Append(Clean(part.Title)).Append("\n\n");
            foreach (var line in part.Lines)
            {
                text.Append(Clean(line)).Append("\n\n");
            }

            if (part.Columns.Length > 0)
            {
                AppendRow(text, part.Columns);
                AppendRow(text, part.Columns.Select(_ => "---"), isRule: true);
                foreach (var row in part.Rows)
                {
                    AppendRow(text, row);
                }
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells, bool isRule = false) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => isRule ? cell : Clean(cell))).Append(" |\n");

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var isHidden = char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(Special.Contains(character, StringComparison.Ordinal) ? "\\" : "").Append(isHidden ? '\ufffd' : character);
        }

        return clean.ToString();
    }
}
