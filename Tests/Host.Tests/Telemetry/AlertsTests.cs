using System.Text.Json;
using System.Text.RegularExpressions;
using Mcptt.Testing;

namespace Mcptt.Host.Tests.Telemetry;

public sealed partial class AlertsTests
{
    [Theory]
    [InlineData("ops/grafana/mcptt.json")]
    [InlineData("ops/prometheus/alerts.yml")]
    [InlineData("ops/prometheus/alerts-test.yml")]
    public void Only_metrics_that_exist_are_asked_for(string file)
    {
        var known = MetricCatalogue.All
            .SelectMany(instrument => MetricCatalogue.PrometheusName(instrument) is var name && MetricCatalogue.Kind(instrument) == "histogram" ? [$"{name}_bucket", $"{name}_count", $"{name}_sum"] : (string[])[name])
            .ToHashSet(StringComparer.Ordinal);
        var asked = Metric().Matches(File.ReadAllText(Repository.Path(file))).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.Equal([], asked.Where(name => !known.Contains(name)));
    }

    [Fact]
    public void The_dashboard_is_one_that_Grafana_reads()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Path("ops/grafana/mcptt.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() == "timeseries"), panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
    }

    [Fact]
    public void Every_alert_has_words_in_the_documentation()
    {
        var names = Alert().Matches(File.ReadAllText(Repository.Path("ops/prometheus/alerts.yml"))).Select(match => match.Groups[1].Value).ToList();
        var documented = File.ReadAllText(Repository.Path("ops/docs/observability.md"));

        Assert.NotEmpty(names);
        Assert.Equal([], names.Where(name => !documented.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    [RequiresToolFact("promtool")]
    public async Task Promtool_takes_the_alerts_and_their_tests_hold()
    {
        var check = await ToolRun.RunAsync("promtool", "", "check", "rules", Repository.Path("ops/prometheus/alerts.yml"));
        var test = await ToolRun.RunAsync("promtool", "", "test", "rules", Repository.Path("ops/prometheus/alerts-test.yml"));

        Assert.True(check.Code == 0, check.Out + check.Error);
        Assert.True(test.Code == 0, test.Out + test.Error);
    }

    [GeneratedRegex("mcptt_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();
}
