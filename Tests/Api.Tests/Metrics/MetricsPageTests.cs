using System.Diagnostics.Metrics;
using System.Globalization;
using Mcptt.Api.Metrics;
using Mcptt.Testing;

namespace Mcptt.Api.Tests.Metrics;

public sealed class MetricsPageTests : IDisposable
{
    private readonly ServerMeters _meters = new();
    private readonly MetricsPage _page;
    private readonly Meter _meter;

    public MetricsPageTests()
    {
        _page = new MetricsPage(_meters);
        _meter = _meters.Create(new MeterOptions("Mcptt.Test"));
    }

    public void Dispose()
    {
        _meter.Dispose();
        _page.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Counter_is_shown_with_its_unit_its_tags_and_total()
    {
        var counter = _meter.CreateCounter<long>("mcptt.test.octets", "By", "What came\nand \\ went");
        counter.Add(3, new KeyValuePair<string, object?>("from.peer", "a \"b\"\\\n"));
        counter.Add(4, new KeyValuePair<string, object?>("from.peer", "a \"b\"\\\n"));
        counter.Add(1, new KeyValuePair<string, object?>("from.peer", 7));

        var page = _page.Write();

        Assert.Contains("# HELP mcptt_test_octets_bytes_total What came\\nand \\\\ went\n# TYPE mcptt_test_octets_bytes_total counter\n", page);
        Assert.Contains("mcptt_test_octets_bytes_total{from_peer=\"7\"} 1\n", page);
        Assert.Contains("mcptt_test_octets_bytes_total{from_peer=\"a \\\"b\\\"\\\\\\n\"} 7\n", page);
    }

    [Fact]
    public void Histogram_counts_what_is_not_above_each_boundary_of_its_own()
    {
        var histogram = _meter.CreateHistogram("mcptt.test.wait", "s", "How long", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.3] });
        foreach (var measured in (double[])[0.1, 0.2, 0.3, 5])
        {
            histogram.Record(measured);
        }

        Assert.Contains(
            "mcptt_test_wait_seconds_bucket{le=\"0.1\"} 1\nmcptt_test_wait_seconds_bucket{le=\"0.3\"} 3\nmcptt_test_wait_seconds_bucket{le=\"+Inf\"} 4\nmcptt_test_wait_seconds_sum 5.6\nmcptt_test_wait_seconds_count 4\n",
            _page.Write());
    }

    [Fact]
    public void Observable_series_goes_when_its_instrument_speaks_of_it_no_more_and_two_of_one_name_are_added()
    {
        var peers = new List<string> { "a", "b" };
        _meter.CreateObservableGauge("mcptt.test.queue", () => peers.Select(peer => new Measurement<int>(2, new KeyValuePair<string, object?>("peer", peer))));
        using var other = _meters.Create(new MeterOptions("Mcptt.Test"));
        other.CreateObservableGauge("mcptt.test.queue", () => new Measurement<int>(5, new KeyValuePair<string, object?>("peer", "b")));

        Assert.Contains("mcptt_test_queue{peer=\"a\"} 2\nmcptt_test_queue{peer=\"b\"} 7\n", _page.Write());
        peers.Remove("a");
        var page = _page.Write();

        Assert.DoesNotContain("peer=\"a\"", page);
        Assert.Contains("mcptt_test_queue{peer=\"b\"} 7\n", page);
    }

    [Fact]
    public void Up_and_down_counter_and_gauge_show_where_they_stand()
    {
        var open = _meter.CreateUpDownCounter<int>("mcptt.test.open");
        open.Add(5);
        open.Add(-2);
        var level = _meter.CreateGauge<double>("mcptt.test.level");
        level.Record(2.5);
        level.Record(1.5);

        var page = _page.Write();

        Assert.Contains("# TYPE mcptt_test_open gauge\nmcptt_test_open 3\n", page);
        Assert.Contains("mcptt_test_level 1.5\n", page);
    }

    [Fact]
    public void Tags_beyond_the_limit_are_lost_and_counted()
    {
        var counter = _meter.CreateCounter<long>("mcptt.test.many");
        for (var i = 0; i < MetricsPage.MaxSeries + 2; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("value", i.ToString(CultureInfo.InvariantCulture)));
        }

        var page = _page.Write();

        Assert.Equal(MetricsPage.MaxSeries, page.Split('\n').Count(line => line.StartsWith("mcptt_test_many_total{", StringComparison.Ordinal)));
        Assert.Contains($"\n{MetricsPage.LostName} 2\n", page);
    }

    [Fact]
    public void Meters_of_another_server_in_the_process_are_not_shown()
    {
        using var others = new ServerMeters();
        using var other = others.Create(new MeterOptions("Mcptt.Test"));
        using var nobodys = new Meter("Mcptt.Test");
        other.CreateCounter<long>("mcptt.test.others").Add(1);
        nobodys.CreateCounter<long>("mcptt.test.nobodys").Add(1);

        var page = _page.Write();

        Assert.DoesNotContain("mcptt_test_", page);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", page);
    }

    [Fact]
    public void Measuring_allocates_nothing_once_its_series_is_there()
    {
        var histogram = _meter.CreateHistogram<double>("mcptt.test.wait", "s");
        var counter = _meter.CreateCounter<long>("mcptt.test.count");
        Measure(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                histogram.Record(0.001 * i, new KeyValuePair<string, object?>("kind", "call"), new KeyValuePair<string, object?>("outcome", "accepted"));
                counter.Add(1);
            }
        }
    }

    [Fact]
    public async Task Measurements_of_many_threads_are_all_counted()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var histogram = _meter.CreateHistogram<int>("mcptt.test.sizes");
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                histogram.Record(1, new KeyValuePair<string, object?>("thread", i % 3 == 0 ? "a" : "b"));
            }
        })));

        var page = _page.Write();
        var counts = page.Split('\n').Where(line => line.StartsWith("mcptt_test_sizes_count", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        var sums = page.Split('\n').Where(line => line.StartsWith("mcptt_test_sizes_sum", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(Threads * Each, counts.Sum());
        Assert.Equal(Threads * Each, sums.Sum());
    }

    [RequiresToolFact("promtool")]
    public async Task Promtool_finds_nothing_wrong_with_any_kind_of_instrument()
    {
        var tag = new KeyValuePair<string, object?>("name", "\"quoted\" \\ and\nbroken");
        _meter.CreateCounter<long>("mcptt.test.one", "By", "Octets \"and\" \\ more").Add(1, tag);
        _meter.CreateHistogram<double>("mcptt.test.two", "s", "Waiting").Record(0.5, tag);
        _meter.CreateUpDownCounter<int>("mcptt.test.three", "{things}", "Things").Add(-1);
        _meter.CreateObservableGauge("mcptt.test.four.count", () => double.PositiveInfinity, null, "A name that only histograms may have");

        var run = await ToolRun.RunAsync("promtool", _page.Write(), "check", "metrics");

        Assert.True(run.Code == 0, run.Out + run.Error);
    }
}
