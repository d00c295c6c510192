using System.Text.Json;
using System.Xml.Linq;
using Mcptt.Load.Measuring;
using Mcptt.Load.Profiles;
using Mcptt.Load.Reporting;

namespace Mcptt.Load.Tests;

public sealed class ReportTests
{
    private static readonly LoadReport Report = Example(20);

    [Fact]
    public void A_report_is_the_same_after_writing_and_reading()
    {
        var text = ReportJson.Write(Report);

        Assert.True(ReportJson.TryRead(text, out var read, out _));
        Assert.Equal(text, ReportJson.Write(read));
    }

    // Programs read these names: one that goes away or means something else needs a new version.
    [Fact]
    public void The_names_of_version_1_are_there()
    {
        var root = JsonDocument.Parse(ReportJson.Write(Report)).RootElement;

        Assert.Equal("mcptt-load-report", root.GetProperty("schema").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(
            ["schema", "version", "program", "startedAt", "seconds", "servers", "profile", "valid", "notValidBecause", "holds", "thresholds", "measures", "counts", "failures", "costs", "machine", "intervalSeconds", "samples", "events"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["count", "mean", "p50", "p90", "p95", "p99", "p999", "max"], root.GetProperty("measures").GetProperty("floorAccess").EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["seconds", "phase", "registered", "activeCalls", "failures", "counts", "latencies", "processors"],
            root.GetProperty("samples")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(["name", "limit", "value", "holds"], root.GetProperty("thresholds")[0].EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("{}", "not a report")]
    [InlineData("[1", "not a report")]
    [InlineData("null", "not a report")]
    public void What_is_no_report_is_told(string text, string expected)
    {
        Assert.False(ReportJson.TryRead(text, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_report_is_told_with_its_version()
    {
        Assert.False(ReportJson.TryRead(ReportJson.Write(Report with { Version = 2 }), out _, out var fault));
        Assert.Contains("version 2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_xml_with_every_chart_phase_and_event()
    {
        var svg = XDocument.Parse(ReportPage.Svg(Report));
        XNamespace names = "http://www.w3.org/2000/svg";

        var titles = svg.Descendants(names + "text").Where(text => (string?)text.Attribute("class") == "title").Select(text => text.Value).ToList();
        Assert.Contains("Floor access: press to grant", titles);
        Assert.Equal(9, titles.Count);
        Assert.Equal(9, svg.Descendants(names + "line").Count(line => (string?)line.Attribute("class") == "trouble"));
        Assert.Contains(svg.Descendants(names + "rect"), rect => (string?)rect.Attribute("class") == "phase steady");
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("∞", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_what_the_server_said_as_text()
    {
        var page = ReportPage.Html(Report with { Failures = new Dictionary<string, long> { ["call-failed 403 <script>"] = 2 } });

        Assert.Contains("call-failed 403 &lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_samples_has_a_picture_too() => Assert.NotNull(XDocument.Parse(ReportPage.Svg(Report with { Samples = [], Events = [] })).Root);

    [Fact]
    public void Two_parts_of_one_run_compare_by_what_was_new_in_each()
    {
        var figures = ReportComparison.Of(new ReportPart(Report, 0, 10), new ReportPart(Report, 10, 20)).ToList();

        var p99 = Assert.Single(figures, figure => figure is { Name: "floorAccess", Figure: "p99 ms" });
        Assert.InRange(p99.Before!.Value, 10, 10.1);
        Assert.InRange(p99.After!.Value, 20, 20.2);
        Assert.InRange(p99.Ratio!.Value, 1.98, 2.02);
        Assert.Equal(new ComparedFigure("callsSetUp", "", 20, 20), Assert.Single(figures, figure => figure.Name == "callsSetUp"));
    }

    [Fact]
    public void Whole_runs_compare_by_their_own_figures()
    {
        var figures = ReportComparison.Of(new ReportPart(Report), new ReportPart(Report)).ToList();

        Assert.All(figures, figure => Assert.True(figure.Ratio is 1 || figure.Before == 0, figure.ToString()));
        Assert.Contains(figures, figure => figure is { Name: "floorAccess", Figure: "count", Before: 40 });
    }

    // Access takes 10 ms in the first half and 20 in the second.
    private static LoadReport Example(int seconds)
    {
        var profile = new LoadProfile { Thresholds = [new ThresholdProfile { Measure = "floorAccess", MaxMs = 300 }] };
        var whole = new LatencyHistogram();
        var samples = new List<LoadSample>();
        for (var second = 1; second <= seconds; second++)
        {
            var one = new LatencyHistogram();
            foreach (var histogram in new[] { one, whole })
            {
                histogram.Record(TimeSpan.FromMilliseconds(second <= seconds / 2 ? 10 : 20));
                histogram.Record(TimeSpan.FromMilliseconds(2));
            }

            samples.Add(new LoadSample
            {
                Seconds = second,
                Phase = "steady",
                Registered = 4,
                ActiveCalls = second % 3,
                Failures = second == 7 ? 1 : 0,
                Counts = new Dictionary<string, long> { ["callsSetUp"] = 2 },
                Latencies = new Dictionary<string, LatencyReport> { ["floorAccess"] = LatencyReport.Of(one.Snapshot(), withBuckets: true) },
                Processors = new Dictionary<string, double> { [LoadSample.Generator] = 0.1 },
            });
        }

        return new LoadReport
        {
            StartedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Seconds = seconds,
            Servers = ["127.0.0.1:5060"],
            Profile = profile,
            Valid = true,
            NotValidBecause = [],
            Holds = true,
            Thresholds = [new ThresholdReport("floorAccess p95 ms", 300, 20, true)],
            Measures = new Dictionary<string, LatencyReport> { ["floorAccess"] = LatencyReport.Of(whole.Snapshot(), withBuckets: false) },
            Counts = new Dictionary<string, long> { ["callsSetUp"] = 2 * seconds },
            Failures = new Dictionary<string, long>(),
            Costs = new LoadCosts { Seconds = seconds, CallsPerSecond = 2, BurstsPerSecond = 2, VoicePacketsSentPerSecond = 0, VoicePacketsHeardPerSecond = 0, GeneratorCpuSeconds = 2 },
            Machine = new LoadMachine(2, "0.10 0.20 0.30"),
            IntervalSeconds = 1,
            Samples = samples,
            Events = [new LoadEvent(0.1, "steady", false), new LoadEvent(7, "127.0.0.1:5060 is passed over: no answer", true)],
        };
    }
}
