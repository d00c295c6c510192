using System.Globalization;
using System.Text.RegularExpressions;
using Mcptt.Host.Tests.Commands;
using Mcptt.Testing;

namespace Mcptt.Host.Tests.Telemetry;

public sealed partial class ServedMetricsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_call_moves_the_metrics_of_every_part_and_all_that_is_shown_is_in_the_catalogue()
    {
        await using var server = await ServingServer.StartAsync(ServingServer.NewFolder(), "--open");
        var before = await PageAsync(server);
        var ran = await server.RunAsync("health");
        await using var scene = await TalkingScene.StartAsync(server, Patience);

        var page = await UntilAsync(server, text => Value(text, "mcptt_floor_access_duration_seconds_count") > 0 && Value(text, "mcptt_media_forward_duration_seconds_count") > 0);

        Assert.Equal(0, ran.Code);
        Assert.Equal(0, Value(before, "mcptt_actors_events_total"));
        Assert.Equal([], Names(page).Except(Catalogued()));
        Assert.True(Value(page, "mcptt_sip_requests_total") > 2);
        Assert.True(Value(page, "mcptt_journal_appends_total") > 2);
        Assert.True(Value(page, "mcptt_journal_commit_duration_seconds_count") > 0);
        Assert.True(Value(page, "mcptt_actors_command_duration_seconds_count") > 2);
        Assert.True(Value(page, "mcptt_call_access_duration_seconds_count") >= 1);
        Assert.True(Value(page, "mcptt_media_sessions") >= 1);
        Assert.Contains("mcptt_floor_access_duration_seconds_count{outcome=\"granted\",channel=\"floor\"}", page);
        Assert.Contains("mcptt_node_ready{part=\"journal\"} 1", page);
    }

    [RequiresToolFact("promtool")]
    public async Task Promtool_finds_nothing_wrong_with_what_a_server_shows()
    {
        await using var server = await ServingServer.StartAsync(ServingServer.NewFolder(), "--open");
        await using var scene = await TalkingScene.StartAsync(server, Patience);
        var page = await UntilAsync(server, text => Value(text, "mcptt_floor_access_duration_seconds_count") > 0);

        var run = await ToolRun.RunAsync("promtool", page, "check", "metrics");

        Assert.True(run.Code == 0, run.Out + run.Error);
    }

    private static HashSet<string> Catalogued() =>
        MetricCatalogue.All
            .SelectMany(instrument => MetricCatalogue.PrometheusName(instrument) is var name && MetricCatalogue.Kind(instrument) == "histogram" ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : (string[])[name])
            .Append("mcptt_metrics_lost_total")
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string page) => Sample().Matches(page).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("mcptt_", StringComparison.Ordinal)).Distinct();

    // Of all series of that name together.
    private static double Value(string page, string name) =>
        Sample().Matches(page).Where(match => match.Groups[1].Value == name).Sum(match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    private static async Task<string> UntilAsync(ServingServer server, Func<string, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var page = await PageAsync(server);
            if (holds(page))
            {
                return page;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<string> PageAsync(ServingServer server)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(server.Api, "/metrics"));
    }

    [GeneratedRegex(@"^([a-z0-9_]+)(?:\{.*\})? (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
