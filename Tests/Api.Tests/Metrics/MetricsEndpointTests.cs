using System.Net;
using System.Net.Http.Headers;

namespace Mcptt.Api.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    private const string MonitorToken = "monitor-token-0123456789";
    private const string AuditorToken = "auditor-token-0123456789";

    [Fact]
    public async Task Metrics_are_text_for_Prometheus()
    {
        await using var api = await ApiFixture.StartAsync();
        using var response = await api.Http.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("# TYPE dotnet_process_cpu_time_seconds_total counter\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(MonitorToken, HttpStatusCode.OK)]
    [InlineData(AuditorToken, HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("wrong-token-0123456789", HttpStatusCode.Unauthorized)]
    public async Task Any_token_reads_metrics_and_nobody_without_one(string token, HttpStatusCode expected)
    {
        await using var api = await ApiFixture.StartAsync(Options(open: false));

        Assert.Equal(expected, await GetAsync(api, "/metrics", token));
    }

    [Fact]
    public async Task Metrics_that_are_open_need_no_token_and_open_nothing_else()
    {
        await using var api = await ApiFixture.StartAsync(Options(open: true));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, "/metrics", ""));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, "/METRICS", ""));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, "/v1/calls", ""));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, "/metricsx", ""));
    }

    [Fact]
    public async Task Monitor_may_not_provision_nor_look_at_calls_nor_read_the_journal()
    {
        await using var api = await ApiFixture.StartAsync(Options(open: false));

        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(api, "/v1/groups", MonitorToken));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(api, "/v1/calls", MonitorToken));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(api, "/v1/audit/log", MonitorToken));
    }

    private static ApiOptions Options(bool open) =>
        new() { MetricsOpen = open, Tokens = [new ApiToken("prometheus", MonitorToken, [ApiRoles.Monitor]), new ApiToken("anna", AuditorToken, [ApiRoles.Auditor])] };

    private static async Task<HttpStatusCode> GetAsync(ApiFixture api, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        using var response = await api.Http.SendAsync(request);
        return response.StatusCode;
    }
}
