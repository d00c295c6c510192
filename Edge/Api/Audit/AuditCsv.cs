using System.Globalization;
using Mcptt.Domain.Audit;

namespace Mcptt.Api.Audit;

/// <summary>
/// Entries as RFC 4180: a header, CRLF at the end of each line, quotes where they are needed. A text that a spreadsheet would take for a formula gets an
/// apostrophe before it, because identities and user agents come from whoever sent them.
/// </summary>
public static class AuditCsv
{
    public const string MediaType = "text/csv";

    public const string Header = "ordering,time,stored,actor,sequenceNumber,kind,user,group,call,leg,sentence,clause,onBehalfOf,correlationId,commandId\r\n";

    // What makes a cell a formula in the usual programs, also behind a tab or a line end.
    private static readonly System.Buffers.SearchValues<char> FormulaStarts = System.Buffers.SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    private static readonly System.Buffers.SearchValues<char> MustBeQuoted = System.Buffers.SearchValues.Create(",\"\r\n");

    public static string Line(AuditEntry entry)
    {
        var told = entry.Description;
        string[] cells =
        [
            Number(entry.Ordering), Time(entry.Time), Time(entry.Stored), Text(entry.PersistenceId), Number(entry.SequenceNumber), Text(told.Kind), Text(told.User),
            Text(told.Group), Text(told.Call), told.Leg == 0 ? "" : Number(told.Leg), Text(told.Sentence), Text(told.Clause), Text(entry.OnBehalfOf),
            Text(entry.CorrelationId), Text(entry.CommandId),
        ];
        return string.Join(',', cells) + "\r\n";
    }

    internal static string Text(string text)
    {
        var safe = text.Length > 0 && FormulaStarts.Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(MustBeQuoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
