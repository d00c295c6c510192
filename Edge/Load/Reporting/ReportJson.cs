using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mcptt.Load.Reporting;

/// <summary>The report as JSON, both ways.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(LoadReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>False with what is wrong: not a report, or a newer one.</summary>
    public static bool TryRead(string json, [NotNullWhen(true)] out LoadReport? report, [NotNullWhen(false)] out string? fault)
    {
        report = null;
        try
        {
            report = JsonSerializer.Deserialize<LoadReport>(json, Options);
            fault = report switch
            {
                { Schema: LoadReport.SchemaName, Version: LoadReport.CurrentVersion } => null,
                { Schema: LoadReport.SchemaName } => $"a report of version {report.Version}; this program reads {LoadReport.CurrentVersion}",
                _ => "not a report of mcptt load",
            };
        }
        catch (JsonException e)
        {
            fault = $"not a report of mcptt load: {e.Message}";
        }

        report = fault is null ? report : null;
        return report is not null;
    }
}
