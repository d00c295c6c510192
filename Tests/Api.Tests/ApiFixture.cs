using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mcptt.Api.Metrics;

namespace Mcptt.Api.Tests;

/// <summary>A started API on a free port of loopback over a <see cref="RecordingServer"/>.</summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    public const string Groups = "/v1/groups/";
    public const string Users = "/v1/users/";

    private readonly ApiServer _server;

    private ApiFixture(ApiOptions options)
    {
        Metrics = new MetricsPage(Meters);
        var ports = new ApiPorts { Commands = Server, Catalog = Server, Audit = Audit, Stories = Stories, Health = Server, Metrics = Metrics, Nodes = Nodes };
        _server = new ApiServer(options, ports, TimeProvider.System, Loggers);
    }

    public RecordingServer Server { get; } = new();

    public ServerMeters Meters { get; } = new();

    public MetricsPage Metrics { get; }

    public RecordedNodes Nodes { get; } = new();

    public RecordedAudit Audit { get; } = new();

    public RecordedStories Stories { get; } = new();

    public RecordingLoggers Loggers { get; } = new();

    public HttpClient Http { get; } = new();

    public static async Task<ApiFixture> StartAsync(ApiOptions? options = null)
    {
        var fixture = new ApiFixture(options ?? new ApiOptions { Realm = "example.org", DigestAlgorithms = DigestPassword.Algorithms, Version = "1.2.3" });
        await fixture._server.StartAsync(CancellationToken.None);
        fixture.Http.BaseAddress = fixture._server.Address;
        return fixture;
    }

    public static string Escape(string identity) => Uri.EscapeDataString(identity);

    public Task<(int Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<(int Status, JsonElement Body)> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, json);

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    public Task StopAsync() => _server.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        Metrics.Dispose();
        Meters.Dispose();
    }
}
