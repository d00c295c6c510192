using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mcptt.Scenarios.Running;

/// <summary>`mcptt serve` as a process of its own, on ports that stay the same when it is killed and started again.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _api;
    private readonly string _data;
    private readonly IReadOnlyList<string> _launcher;
    private readonly string[] _settings;
    private ChildProcess? _process;

    private ServerProcess(string data, IReadOnlyList<string> launcher, string[] settings)
    {
        _data = data;
        _launcher = launcher;
        _settings = settings;
        SipPort = FreePorts.Both();
        ApiPort = FreePorts.Tcp();
        _api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ApiPort}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int SipPort { get; }

    public int ApiPort { get; }

    public string Sip => $"127.0.0.1:{SipPort}";

    public string Journal => Path.Combine(_data, "journal.db");

    /// <summary>A file of the data folder as the server sees it, also in a mount namespace of its own (proc(5)).</summary>
    public string InsideData(string name) => $"/proc/{_process!.Id}/root{Path.Combine(_data, name)}"; // Runs.

    public string Output => _process?.Output ?? "";

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "mcptt.dll");

    /// <summary>Settings are KEY=VALUE as `mcptt serve --set` takes them.</summary>
    public static Task<ServerProcess> StartAsync(string data, params string[] settings) => StartWithinAsync([], data, settings);

    /// <summary>The launcher is a program with its arguments that runs what follows it, in its own process.</summary>
    public static async Task<ServerProcess> StartWithinAsync(IReadOnlyList<string> launcher, string data, params string[] settings)
    {
        var server = new ServerProcess(data, launcher, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>For a server that is expected not to start: how it ends and what it prints. The flags go beside those of every start.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(string data, IReadOnlyList<string> launcher, string[] flags)
    {
        await using var server = new ServerProcess(data, launcher, []);
        server.Launch(flags);
        return (await server._process!.ExitAsync(StartLimit), server.Output); // Set by Launch.
    }

    public async Task StartAsync()
    {
        Launch();
        await _process!.WaitForOutputAsync("ready", StartLimit); // Set by Launch.
    }

    public Task KillAsync() => _process!.KillAsync();

    public Task<int> TerminateAsync(TimeSpan? within = null) => _process!.TerminateAsync(within ?? TimeSpan.FromSeconds(30));

    /// <summary>The status of the answer; nothing is asserted.</summary>
    public async Task<HttpStatusCode> TryPutGroupAsync(string id, object document)
    {
        using var response = await _api.PutAsJsonAsync($"/v1/groups/{Uri.EscapeDataString(id)}", document);
        return response.StatusCode;
    }

    public async Task PutGroupAsync(string id, object document)
    {
        using var response = await _api.PutAsJsonAsync($"/v1/groups/{Uri.EscapeDataString(id)}", document);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Status and text of the answer, whatever it is.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string path)
    {
        using var response = await _api.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> GetAsync(string path) => await _api.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> GroupAsync(string id) => await GetAsync($"/v1/groups/{Uri.EscapeDataString(id)}/state");

    /// <summary>Waits until the server's own account of itself is as wanted: effects between actors take a moment.</summary>
    public async Task<JsonElement> WaitForGroupAsync(string id, Func<JsonElement, bool> wanted)
    {
        JsonElement group = default;
        for (var attempt = 0; attempt < 150; attempt++)
        {
            try
            {
                group = await GroupAsync(id);
                if (wanted(group))
                {
                    return group;
                }
            }
            catch (HttpRequestException)
            {
                // A test that kills the server may ask just then: it is asked again.
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
            hangTimerSeconds = 5,
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

    private void Launch(string[]? flags = null)
    {
        var sets = _settings.Append("sip.domains=example.org").Append("media.address=127.0.0.1").SelectMany(setting => new[] { "--set", setting });
        string[] given = flags ?? [];
        string[] sip = given.Contains("--sip") ? [] : ["--sip", $"udp:{Sip},tcp:{Sip}"];
        string[] api = given.Contains("--api") ? [] : ["--api", $"127.0.0.1:{ApiPort}"];
        string[] program = [.. _launcher, "dotnet", Program, "serve", "--open", "--data", _data, .. sip, .. api, .. sets, .. given];
        _process = ChildProcess.Start(program[0], program[1..], environment: new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" });
    }
}
