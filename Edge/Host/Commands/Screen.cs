using System.Text.Json;
using Mcptt.Api.Json;
using Spectre.Console;

namespace Mcptt.Host.Commands;

/// <summary>Output of commands: tables for people, plain columns in a pipe or a file, JSON for programs.</summary>
internal sealed class Screen(CommandContext context)
{
    private const int ColumnGap = 2;

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (context.OutIsTerminal)
        {
            Drawn(columns, rows);
        }
        else
        {
            Plain([columns, .. rows]);
        }
    }

    public void Json(JsonElement element) => context.Out.WriteLine(JsonSerializer.Serialize(element, ApiJson.Indented));

    public void Line(string text) => context.Out.WriteLine(text);

    public void Error(string text) => context.Error.WriteLine($"mcptt: {text}");

    private void Drawn(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out), Interactive = InteractionSupport.No }).Write(table);
    }

    // One line per row whatever its length, so that line tools can work on it.
    private void Plain(IReadOnlyList<IReadOnlyList<string>> lines)
    {
        var widths = Enumerable.Range(0, lines[0].Count).Select(column => lines.Max(line => line[column].Length) + ColumnGap).ToList();
        foreach (var line in lines)
        {
            context.Out.WriteLine(string.Concat(line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
