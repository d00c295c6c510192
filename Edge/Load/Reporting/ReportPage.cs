using System.Globalization;
using System.Text;
using Mcptt.Load.Measuring;

namespace Mcptt.Load.Reporting;

/// <summary>The report for people: one page that needs nothing else, with its pictures in it.</summary>
internal static class ReportPage
{
    private static readonly Dictionary<MeasureKind, string> Titles = new()
    {
        [MeasureKind.Registration] = "Registration",
        [MeasureKind.CallSetup] = "Call set-up: INVITE to 200",
        [MeasureKind.FirstListener] = "INVITE to the first listener",
        [MeasureKind.CallAccess] = "Call access: INVITE to the first grant (KPI 2)",
        [MeasureKind.FloorAccess] = "Floor access: press to grant (KPI 1)",
        [MeasureKind.QueueWait] = "Press to grant of those queued",
        [MeasureKind.SpeechAccess] = "Press to first audio at a listener",
        [MeasureKind.MouthToEar] = "Voice, sender to listener (KPI 3, network and server)",
        [MeasureKind.LateEntry] = "Late entry: affiliation to audio (KPI 4)",
        [MeasureKind.LateJoin] = "Late entry: affiliation to the call",
        [MeasureKind.HangUp] = "Hang-up",
        [MeasureKind.ScheduleLag] = "The generator's lag: steps",
        [MeasureKind.VoiceLag] = "The generator's lag: voice packets",
    };

    public static string Svg(LoadReport report) => ReportCharts.Svg(report, Style());

    public static string Html(LoadReport report)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>mcptt load</title>\n<style>");
        html.Append(Style()).Append("</style>\n</head>\n<body>\n");
        Head(html, report);
        Thresholds(html, report);
        Measures(html, report);
        html.Append("<h2>Over time</h2>\n").Append(ReportCharts.Svg(report, ""));
        Events(html, report);
        html.Append("<div class=\"columns\">");
        Counts(html, "Counted, whole run", report.Counts.Where(pair => pair.Value > 0));
        Counts(html, "Refused and failed, whole run", report.Failures);
        Costs(html, report);
        html.Append("</div>\n");
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void Head(StringBuilder html, LoadReport report)
    {
        var verdict = !report.Valid ? ("doubt", "not valid") : report.Holds ? ("good", "all thresholds hold") : ("bad", "thresholds do not hold");
        var profile = report.Profile;
        html.Append(CultureInfo.InvariantCulture, $"<h1>mcptt load <span class=\"{verdict.Item1}\">{verdict.Item2}</span></h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))} UTC, {report.Seconds:0} s, at {Text(string.Join(", ", report.Servers))}. ");
        html.Append(CultureInfo.InvariantCulture, $"{profile.Users.Count} users, {profile.Groups.Count} groups of {profile.Groups.Members}, {profile.Calls.PerSecond} calls/s planned, {report.Costs.CallsPerSecond:0.##} made; ");
        html.Append(CultureInfo.InvariantCulture, $"{report.Costs.VoicePacketsSentPerSecond:0} voice packets/s sent, {report.Costs.VoicePacketsHeardPerSecond:0} heard. {Text(report.Program)} on {report.Machine.Processors} processors");
        html.Append(report.Machine.LoadAverage is { } load ? $", load average {Text(load)} at the end.</p>\n" : ".</p>\n");
        foreach (var doubt in report.NotValidBecause)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"doubt\">Not valid: {Text(doubt)}.</p>\n");
        }
    }

    private static void Thresholds(StringBuilder html, LoadReport report)
    {
        if (report.Thresholds.Count == 0)
        {
            return;
        }

        html.Append("<h2>Thresholds</h2>\n<table><tr><th>What</th><th>Limit</th><th>Measured</th><th></th></tr>\n");
        foreach (var one in report.Thresholds)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(one.Name)}</td><td>{one.Limit:0.###}</td><td>{(one.Value is { } value ? value.ToString("0.###", CultureInfo.InvariantCulture) : "nothing")}</td><td class=\"{(one.Holds ? "good" : "bad")}\">{(one.Holds ? "holds" : "does not hold")}</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static void Measures(StringBuilder html, LoadReport report)
    {
        html.Append("<h2>Times, steady phase, ms</h2>\n<table><tr><th></th><th>count</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>p99.9</th><th>max</th></tr>\n");
        foreach (var (kind, title) in Titles)
        {
            if (report.Measures.TryGetValue(MeasureNames.Of(kind), out var one))
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(title)}</td><td>{one.Count}</td><td>{one.P50:0.##}</td><td>{one.P90:0.##}</td><td>{one.P95:0.##}</td><td>{one.P99:0.##}</td><td>{one.P999:0.##}</td><td>{one.Max:0.##}</td></tr>\n");
            }
        }

        html.Append(CultureInfo.InvariantCulture, $"</table>\n<p class=\"small\">Percentiles are at most {LatencyHistogram.Resolution:P1} above the true ones. Times count from when a step should have been taken. Voice is without packetisation, jitter buffer and sound card.</p>\n");
    }

    private static void Events(StringBuilder html, LoadReport report)
    {
        html.Append("<h2>Events</h2>\n<table class=\"events\">");
        foreach (var one in report.Events)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{ChartFrame.Clock(one.Seconds)}</td><td class=\"{(one.Trouble ? "bad" : "")}\">{Text(one.Text)}</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static void Counts(StringBuilder html, string title, IEnumerable<KeyValuePair<string, long>> counts)
    {
        html.Append(CultureInfo.InvariantCulture, $"<div><h2>{title}</h2>\n<table>");
        foreach (var (name, count) in counts.DefaultIfEmpty(KeyValuePair.Create("nothing", 0L)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td><td>{count}</td></tr>\n");
        }

        html.Append("</table></div>\n");
    }

    private static void Costs(StringBuilder html, LoadReport report)
    {
        var costs = report.Costs;
        html.Append("<div><h2>Processor, steady phase</h2>\n<table>");
        Row("generator, seconds", costs.GeneratorCpuSeconds);
        Row("generator, ms per call", costs.GeneratorCpuMsPerCall);
        Row("servers, seconds", costs.ServerCpuSeconds);
        Row("servers, ms per call", costs.ServerCpuMsPerCall);
        Row("calls per second of the servers'", costs.CallsPerServerCpuSecond);
        html.Append("</table></div>\n");

        void Row(string name, double? value)
        {
            if (value is not null)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{value:0.##}</td></tr>\n");
            }
        }
    }

    private static string Text(string text) => Chart.Xml(text);

    private static string Style()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("page.css") ?? throw new InvalidOperationException("the style sheet is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
