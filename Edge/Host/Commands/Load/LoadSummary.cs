using System.Globalization;
using Mcptt.Load.Reporting;

namespace Mcptt.Host.Commands.Load;

/// <summary>The report on stdout: as tables, or as JSON.</summary>
internal sealed class LoadSummary(CommandContext context)
{
    public void Show(LoadReport report, bool json)
    {
        if (json)
        {
            context.Out.WriteLine(ReportJson.Write(report));
            return;
        }

        var screen = new Screen(context);
        screen.Table(
            ["MEASURE", "COUNT", "P50 ms", "P95 ms", "P99 ms", "MAX ms"],
            report.Measures.Select(pair => (IReadOnlyList<string>)[pair.Key, $"{pair.Value.Count}", Figure(pair.Value.P50), Figure(pair.Value.P95), Figure(pair.Value.P99), Figure(pair.Value.Max)]));
        screen.Table(["COUNTED", ""], report.Counts.Where(pair => pair.Value > 0).Select(pair => (IReadOnlyList<string>)[pair.Key, $"{pair.Value}"]));
        if (report.Failures.Count > 0)
        {
            screen.Table(["FAILED", "TIMES"], report.Failures.Select(pair => (IReadOnlyList<string>)[pair.Key, $"{pair.Value}"]));
        }

        if (report.Thresholds.Count > 0)
        {
            screen.Table(
                ["THRESHOLD", "LIMIT", "MEASURED", "HOLDS"],
                report.Thresholds.Select(one => (IReadOnlyList<string>)[one.Name, Figure(one.Limit), one.Value is { } value ? Figure(value) : "nothing", one.Holds ? "yes" : "NO"]));
        }

        var costs = report.Costs;
        screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"steady for {costs.Seconds:0} s: {costs.CallsPerSecond:0.##} calls/s, {costs.BurstsPerSecond:0.##} bursts/s, {costs.VoicePacketsSentPerSecond:0} voice packets/s sent, {costs.VoicePacketsHeardPerSecond:0} heard"));
        screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"processor per call: generator {costs.GeneratorCpuMsPerCall:0.#} ms{(costs.ServerCpuMsPerCall is { } server ? $", server {server:0.#} ms; {costs.CallsPerServerCpuSecond:0.##} calls per second of the server's" : "")}"));
        foreach (var doubt in report.NotValidBecause)
        {
            screen.Line($"NOT VALID: {doubt}");
        }
    }

    private static string Figure(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
