using System.Globalization;
using System.Text;
using Mcptt.Load.Measuring;

namespace Mcptt.Load.Reporting;

/// <summary>The pictures of a report, one below the other in one SVG.</summary>
internal static class ReportCharts
{
    private const int Width = 1100;
    private const string Blue = "#1f6fb4";
    private const string Green = "#2a9d4a";
    private const string Orange = "#e08214";
    private const string Red = "#c8252c";
    private const string Grey = "#7a8490";
    private const string Violet = "#7b52ab";

    public static string Svg(LoadReport report, string style)
    {
        var frame = new ChartFrame(report, Width);
        var charts = Of(report).ToList();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {charts.Count * Chart.Height}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<style>{style}</style>\n<rect width=\"{Width}\" height=\"{charts.Count * Chart.Height}\" fill=\"#fff\"/>\n");
        for (var i = 0; i < charts.Count; i++)
        {
            svg.Append(charts[i].Svg(frame, i * Chart.Height));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static IEnumerable<Chart> Of(LoadReport report)
    {
        yield return new Chart("Calls and registrations", "per s", [
            Rate(report, "registered", Grey, CountKind.Registered), Rate(report, "calls set up", Blue, CountKind.CallsSetUp), Rate(report, "bursts granted", Green, CountKind.Granted),
        ]);
        yield return new Chart("Calls under way", "", [new ChartLine("calls", Blue, [.. report.Samples.Select(sample => (sample.Seconds, (double?)sample.ActiveCalls))])]);
        yield return Times(report, "Floor access: press to grant", MeasureKind.FloorAccess);
        yield return Times(report, "Call access: INVITE to the first grant", MeasureKind.CallAccess);
        yield return Times(report, "Call set-up: INVITE to 200", MeasureKind.CallSetup);
        yield return Times(report, "Voice, sender to listener", MeasureKind.MouthToEar);
        yield return new Chart("What went wrong", "per s", [
            Failures(report), Rate(report, "voice packets lost", Orange, CountKind.FramesLost, ChartMark.Bar),
            Rate(report, "calls failed or dropped", Red, CountKind.CallsFailed, ChartMark.Bar, CountKind.CallsDropped),
        ], Logarithmic: true);
        yield return new Chart("Processor", "%", [.. report.Samples.SelectMany(sample => sample.Processors.Keys).Distinct().Select((name, index) => Processor(report, name, index))]);
        yield return new Chart("The generator's own lag (99 %)", "ms", [Lag(report, "steps", Blue, MeasureKind.ScheduleLag), Lag(report, "voice packets", Orange, MeasureKind.VoiceLag)], Logarithmic: true);
    }

    private static Chart Times(LoadReport report, string title, MeasureKind kind)
    {
        var name = MeasureNames.Of(kind);
        var limit = report.Profile.Thresholds.FirstOrDefault(threshold => threshold.Measure == name);
        return new Chart(title, "ms", [
            Line(report, "max", Grey, kind, one => one.Max, ChartMark.Dot), Line(report, "p99", Orange, kind, one => one.P99), Line(report, "p50", Blue, kind, one => one.P50),
        ], Logarithmic: true, limit is null ? null : new ChartLimit(string.Create(CultureInfo.InvariantCulture, $"p{limit.Percentile:0.#} at most {limit.MaxMs:0.#} ms"), (double)limit.MaxMs));
    }

    private static ChartLine Line(LoadReport report, string name, string colour, MeasureKind kind, Func<LatencyReport, double> figure, ChartMark mark = ChartMark.Line) =>
        new(name, colour, [.. report.Samples.Select(sample => (sample.Seconds, sample.Latency(kind) is { } latency ? (double?)figure(latency) : null))], mark);

    private static ChartLine Lag(LoadReport report, string name, string colour, MeasureKind kind) => Line(report, name, colour, kind, one => one.P99);

    private static ChartLine Rate(LoadReport report, string name, string colour, CountKind kind, ChartMark mark = ChartMark.Line, CountKind? also = null) =>
        new(name, colour, [.. report.Samples.Select(sample => (sample.Seconds, (double?)((sample.Count(kind) + (also is { } other ? sample.Count(other) : 0)) / report.IntervalSeconds)))], mark);

    private static ChartLine Failures(LoadReport report) =>
        new("refusals and failures", Violet, [.. report.Samples.Select(sample => (sample.Seconds, (double?)(sample.Failures / report.IntervalSeconds)))], ChartMark.Bar);

    private static ChartLine Processor(LoadReport report, string name, int index) =>
        new(name, new[] { Grey, Blue, Green, Orange, Violet }[index % 5],
            [.. report.Samples.Select(sample => (sample.Seconds, sample.Processors.TryGetValue(name, out var seconds) ? (double?)(100 * seconds / report.IntervalSeconds) : null))]);
}
