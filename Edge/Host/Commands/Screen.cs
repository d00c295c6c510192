using System.Text.Json;
using Mcptt.Api.Json;
using Spectre.Console;

namespace Mcptt.Host.Commands;

/// <summary>Output of commands: tables for people, JSON for programs; without a terminal no colours and no cut lines.</summary>
internal sealed class Screen
{
    // Wide enough that nothing wraps in a pipe or a file.
    private const int WidthWithoutTerminal = 4096;

    private readonly IAnsiConsole _console;
    private readonly CommandContext _context;

    public Screen(CommandContext context)
    {
        _context = context;
        _console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(context.Out),
                Ansi = context.OutIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = context.OutIsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        if (!context.OutIsTerminal)
        {
            _console.Profile.Width = WidthWithoutTerminal;
        }
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(_context.OutIsTerminal ? TableBorder.Rounded : TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        _console.Write(table);
    }

    public void Json(JsonElement element) => _context.Out.WriteLine(JsonSerializer.Serialize(element, ApiJson.Indented));

    public void Line(string text) => _context.Out.WriteLine(text);

    public void Error(string text) => _context.Error.WriteLine($"mcptt: {text}");
}
