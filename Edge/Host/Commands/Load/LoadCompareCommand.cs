using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Mcptt.Load.Reporting;

namespace Mcptt.Host.Commands.Load;

/// <summary>mcptt load compare A.json B.json</summary>
internal static partial class LoadCompareCommand
{
    private const long MaxBytes = 256L * 1024 * 1024;

    public static Command Create(CommandContext context)
    {
        var before = new Argument<string>("BEFORE") { Description = "report.json, or report.json@30-60: only from second 30 to 60 of that run" };
        var after = new Argument<string>("AFTER") { Description = "The same; may be another part of the same run" };
        var command = new Command("compare", "Put two reports, or two parts of one run, side by side: what became of times and counts.") { before, after };
        command.SetAction(parsed =>
        {
            try
            {
                Show(new Screen(context), Part(parsed.GetValue(before)!), Part(parsed.GetValue(after)!)); // Their arity says that they are there.
                return ExitCodes.Success;
            }
            catch (UsageException e)
            {
                context.Error.WriteLine($"mcptt load: {e.Message}");
                return ExitCodes.Usage;
            }
        });
        return command.WithExamples("mcptt load compare before/report.json after/report.json", "mcptt load compare run/report.json@20-50 run/report.json@60-90");
    }

    private static void Show(Screen screen, ReportPart before, ReportPart after) =>
        screen.Table(
            ["", "", "BEFORE", "AFTER", "AFTER/BEFORE"],
            ReportComparison.Of(before, after).Select(one => (IReadOnlyList<string>)[one.Name, one.Figure, Figure(one.Before), Figure(one.After), Figure(one.Ratio)]));

    private static string Figure(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-";

    private static ReportPart Part(string written)
    {
        var part = Window().Match(written);
        var path = part.Success ? written[..part.Index] : written;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new UsageException($"{path}: larger than {MaxBytes >> 20} MiB; that is no report");
            }

            if (!ReportJson.TryRead(File.ReadAllText(path), out var report, out var fault))
            {
                throw new UsageException($"{path}: {fault}");
            }

            return part.Success ? new ReportPart(report, Number(part.Groups[1]), Number(part.Groups[2])) : new ReportPart(report);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the report cannot be read: {e.Message}");
        }
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"@(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Window();
}
