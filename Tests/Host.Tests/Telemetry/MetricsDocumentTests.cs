using System.Diagnostics.Metrics;
using System.Text;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Host.Tests.Telemetry;

public sealed class MetricsDocumentTests
{
    private const string Document = "ops/docs/metrics.md";
    private const string Begin = "<!-- instruments: MCPTT_WRITE_METRICS=1 dotnet test Tests/Host.Tests --filter MetricsDocument -->";
    private const string End = "<!-- end -->";

    [Fact]
    public void The_table_in_the_documentation_is_the_table_of_instruments()
    {
        var path = Repository.Path(Document);
        var text = File.ReadAllText(path);
        var expected = $"{Before(text)}{Begin}\n{Tables()}{After(text)}";
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_METRICS") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        Assert.True(expected == text, $"{Document} is out of date: run what its comment says");
    }

    [Fact]
    public void Every_instrument_says_what_it_measures_and_histograms_have_buckets()
    {
        Assert.All(MetricCatalogue.All, instrument =>
        {
            Assert.StartsWith("mcptt.", instrument.Name);
            Assert.NotEmpty(MetricCatalogue.Describe(instrument).What);
            Assert.Equal(MetricCatalogue.Kind(instrument) == "histogram", MetricCatalogue.Buckets(instrument).Length > 0);
        });
    }

    [Theory]
    [InlineData("mcptt.floor.access.duration", new[] { 0.3 })]
    [InlineData("mcptt.call.access.duration", new[] { 0.15, 0.35, 1 })]
    [InlineData("mcptt.media.entry.duration", new[] { 0.15, 0.35 })]
    [InlineData("mcptt.media.forward.duration", new[] { 0.3 })]
    [Testing.Clause("TS22.179 6.15.3")]
    public void Limits_of_the_key_performance_indicators_are_boundaries_of_their_histograms(string name, double[] limits)
    {
        var histogram = Assert.IsType<Histogram<double>>(MetricCatalogue.All.Single(instrument => instrument.Name == name), exactMatch: false);

        Assert.Empty(limits.Except(histogram.Advice!.HistogramBucketBoundaries!));
    }

    private static string Before(string text) => text[..text.IndexOf(Begin, StringComparison.Ordinal)];

    private static string After(string text) => text[text.IndexOf(End, StringComparison.Ordinal)..];

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var meter in MetricCatalogue.All.GroupBy(instrument => instrument.Meter.Name).OrderBy(meter => meter.Key, StringComparer.Ordinal))
        {
            text.Append($"\n### {meter.Key}\n\n| metric | kind | tags | what |\n|---|---|---|---|\n");
            foreach (var instrument in meter)
            {
                var (what, tags) = MetricCatalogue.Describe(instrument);
                text.Append($"| `{MetricCatalogue.PrometheusName(instrument)}` | {MetricCatalogue.Kind(instrument)}{Buckets(instrument)} | {string.Join(", ", tags)} | {what} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Buckets(Instrument instrument) =>
        MetricCatalogue.Buckets(instrument) switch
        {
            "" => "",
            var ends when ends == string.Join(' ', Meters.LatencySeconds.Select(Number)) => ", latency",
            var ends when ends == string.Join(' ', Meters.KpiSeconds.Select(Number)) => ", KPI",
            var ends when ends == string.Join(' ', Meters.PacketSeconds.Select(Number)) => ", packet",
            var ends when ends == string.Join(' ', Meters.Sizes) => ", sizes",
            var ends => $", {ends}",
        };

    private static string Number(double end) => end.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
