using System.Net.Http.Json;
using System.Text.Json;

namespace Mcptt.Scenarios.Running;

/// <summary>`mcptt serve` as a process of its own, on ports that stay the same when it is killed and started again.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _api;
    private readonly string _data;
    private readonly string[] _settings;
    private ChildProcess? _process;

    private ServerProcess(string data, string[] settings)
    {
        _data = data;
        _settings = settings;
        SipPort = FreePorts.Both();
        ApiPort = FreePorts.Tcp();
        _api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ApiPort}"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public int SipPort { get; }

    public int ApiPort { get; }

    public string Sip => $"127.0.0.1:{SipPort}";

    public string Journal => Path.Combine(_data, "journal.db");

    public string Output => _process?.Output ?? "";

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "mcptt.dll");

    /// <summary>Settings are KEY=VALUE as `mcptt serve --set` takes them.</summary>
    public static async Task<ServerProcess> StartAsync(string data, params string[] settings)
    {
        var server = new ServerProcess(data, settings);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var sets = _settings.Append("sip.domains=example.org").Append("media.address=127.0.0.1").SelectMany(setting => new[] { "--set", setting });
        _process = ChildProcess.Start(
            "dotnet",
            [Program, "serve", "--open", "--data", _data, "--sip", $"udp:{Sip},tcp:{Sip}", "--api", $"127.0.0.1:{ApiPort}", .. sets],
            environment: new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" });
        await _process.WaitForOutputAsync("ready", StartLimit);
    }

    public Task KillAsync() => _process!.KillAsync();

    public Task<int> TerminateAsync() => _process!.TerminateAsync(TimeSpan.FromSeconds(30));

    public async Task PutGroupAsync(string id, object document)
    {
        using var response = await _api.PutAsJsonAsync($"/v1/groups/{Uri.EscapeDataString(id)}", document);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> GetAsync(string path) => await _api.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> GroupAsync(string id) => await GetAsync($"/v1/groups/{Uri.EscapeDataString(id)}/state");

    /// <summary>Waits until the server's own account of itself is as wanted: effects between actors take a moment.</summary>
    public async Task<JsonElement> WaitForGroupAsync(string id, Func<JsonElement, bool> wanted)
    {
        JsonElement group = default;
        for (var attempt = 0; attempt < 150; attempt++)
        {
            group = await GroupAsync(id);
            if (wanted(group))
            {
                return group;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"group {id} stays {group}\n{Output}");
    }

    /// <summary>A brigade of members who are affiliated as soon as they register.</summary>
    public static object Brigade(params string[] users) =>
        new
        {
            displayName = "Brigade",
            queueDepth = 8,
            members = users.Select((user, index) => new { mcpttId = $"sip:{user}@example.org", userPriority = 5 + index, implicitAffiliation = true }),
        };

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
