using System.Text.Json;
using Mcptt.Api.Audit;
using Mcptt.Api.Json;
using Mcptt.Domain.Audit;
using Spectre.Console;

namespace Mcptt.Host.Commands.Audit;

/// <summary>Writes entries as they come; at most a screenful of a table is kept back, so that its columns stand below one another.</summary>
internal sealed class AuditLogPrinter(CommandContext context, string format, bool atOnce)
{
    public const string Table = "table";
    public const string Ndjson = "ndjson";
    public const string Csv = "csv";

    private const int RowsAtOnce = 200;
    private const int TimeWidth = 24;
    private const int CallWidth = 24;

    /// <summary>Narrower screens have no column for the call: what happened needs the room.</summary>
    private const int WideScreen = 140;

    /// <summary>The longest kind that most events have; a longer one takes its room from the sentence.</summary>
    private const int KindWidth = 26;

    private static readonly string PlainHeader = $"{"TIME",-TimeWidth}  {"KIND",-KindWidth}  {"CALL",-CallWidth}  WHAT{Environment.NewLine}";

    private readonly List<AuditEntry> _rows = [];
    private readonly IAnsiConsole? _console = context.OutIsTerminal && format == Table
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out), Interactive = InteractionSupport.No })
        : null;

    private bool _begun;

    public void Print(AuditEntry entry)
    {
        switch (format)
        {
            case Ndjson:
                context.Out.WriteLine(JsonSerializer.Serialize(AuditMapping.ToModel(entry), ApiJson.Options));
                break;
            case Csv:
                Begin(AuditCsv.Header);
                context.Out.Write(AuditCsv.Line(entry));
                break;
            default:
                PrintRow(entry);
                break;
        }
    }

    public void End()
    {
        Draw();
        if (format == Csv)
        {
            Begin(AuditCsv.Header);
        }
        else if (format == Table && _console is null)
        {
            Begin(PlainHeader);
        }
        else if (format == Table && !_begun)
        {
            context.Error.WriteLine("mcptt: no event fits");
        }
    }

    private void PrintRow(AuditEntry entry)
    {
        if (_console is null)
        {
            Begin(PlainHeader);
            context.Out.WriteLine(
                $"{AuditText.Time(entry.Time),-TimeWidth}  {entry.Description.Kind,-KindWidth}  {entry.Description.Call,-CallWidth}  {AuditText.OneLine(entry.Description.Sentence)}");
            return;
        }

        _rows.Add(entry);
        if (atOnce || _rows.Count >= RowsAtOnce)
        {
            Draw();
        }
    }

    private void Draw()
    {
        if (_console is null || _rows.Count == 0)
        {
            return;
        }

        var wide = _console.Profile.Width >= WideScreen;
        var table = new Table { ShowHeaders = !_begun }.Border(TableBorder.None);
        table.AddColumn(new TableColumn(new Text("TIME", new Style(decoration: Decoration.Bold))).Width(TimeWidth).NoWrap());
        table.AddColumn(new TableColumn(new Text("KIND", new Style(decoration: Decoration.Bold))).Width(KindWidth));
        if (wide)
        {
            table.AddColumn(new TableColumn(new Text("CALL", new Style(decoration: Decoration.Bold))).Width(CallWidth).NoWrap());
        }

        table.AddColumn(new TableColumn(new Text("WHAT", new Style(decoration: Decoration.Bold))));
        foreach (var row in _rows)
        {
            var cells = new List<Text> { new(AuditText.Time(row.Time)), new(row.Description.Kind, Colour(row.Description.Kind)) };
            if (wide)
            {
                cells.Add(new Text(row.Description.Call));
            }

            cells.Add(new Text(AuditText.OneLine(row.Description.Sentence)));
            table.AddRow(cells);
        }

        _console.Write(table);
        _begun = true;
        _rows.Clear();
    }

    // What an auditor looks for first: who got the floor, and who did not get something.
    private static Style Colour(string kind) =>
        kind.Contains("denied", StringComparison.Ordinal) || kind.Contains("refused", StringComparison.Ordinal) || kind.Contains("failed", StringComparison.Ordinal) || kind.Contains("revoke", StringComparison.Ordinal)
            ? new Style(Color.Red)
            : kind.Contains("granted", StringComparison.Ordinal) ? new Style(Color.Green) : Style.Plain;

    private void Begin(string header)
    {
        if (!_begun)
        {
            context.Out.Write(header);
            _begun = true;
        }
    }
}
