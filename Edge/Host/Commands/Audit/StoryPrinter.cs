using Mcptt.Domain.Audit.Stories;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mcptt.Host.Commands.Audit;

/// <summary>Parts of a story for a person: drawn on a terminal, plain in a pipe or a file.</summary>
internal sealed class StoryPrinter(CommandContext context, Screen screen)
{
    public void Print(IEnumerable<StoryTable> parts)
    {
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
            {
                screen.Line("");
            }

            isFirst = false;
            if (context.OutIsTerminal)
            {
                Draw(part);
            }
            else
            {
                Write(part);
            }
        }
    }

    private void Write(StoryTable part)
    {
        screen.Line(Clean(part.Title).ToUpperInvariant());
        foreach (var line in part.Lines)
        {
            screen.Line(Clean(line));
        }

        if (part.Columns.Length > 0)
        {
            screen.Table(part.Columns, part.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Clean)]));
        }
    }

    // The last column takes the room that is left and folds; the others stay on their lines.
    private void Draw(StoryTable part)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out), Interactive = InteractionSupport.No });
        console.Write(new Rule(Markup.Escape(Clean(part.Title))) { Justification = Justify.Left, Style = new Style(Color.Aqua, decoration: Decoration.Bold) });
        foreach (var line in part.Lines)
        {
            console.Write(new Text(Clean(line)));
            console.WriteLine();
        }

        if (part.Columns.Length == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).Expand();
        foreach (var column in part.Columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { NoWrap = IsShort(part, column) });
        }

        foreach (var row in part.Rows)
        {
            table.AddRow(row.Select(cell => (IRenderable)new Text(Clean(cell))));
        }

        console.Write(table);
    }

    private static bool IsShort(StoryTable part, string column)
    {
        const int shortCell = 14;
        var at = part.Columns.IndexOf(column);
        return part.Rows.All(row => row[at].Length <= shortCell);
    }

    // Names come from users: an escape sequence in one must not command the terminal.
    private static string Clean(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '\ufffd' : character));
}
