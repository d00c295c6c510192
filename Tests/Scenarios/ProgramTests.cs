using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Scenarios.Support;
using Mcptt.Ue.Audio;

namespace Mcptt.Scenarios;

/// <summary>The program's commands that are clients: mcptt demo and mcptt ue.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-ue-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task The_demo_proves_its_claims_and_its_exit_code_says_so()
    {
        var code = await RunAsync("", "demo");
        var verdicts = _out.ToString().Split('\n').Where(line => line.StartsWith("ok ", StringComparison.Ordinal) || line.StartsWith("FALSE ", StringComparison.Ordinal)).ToList();
        Assert.True(verdicts.Count >= 9, $"{_out}{_error}");
        // How fast this machine is just now is no matter of a test; everything else is.
        Assert.True(verdicts.All(line => line.StartsWith("ok ", StringComparison.Ordinal) || line.Contains("KPI")), $"{_out}{_error}");
        Assert.Equal(verdicts.All(line => line.StartsWith("ok ", StringComparison.Ordinal)) ? ExitCodes.Success : ExitCodes.Failed, code);
    }

    [Fact]
    public async Task A_script_calls_talks_and_prints_one_JSON_object_per_event()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.PhoneAsync("bob");
        var script = $"""
            register
            subscribe
            affiliate {Scene.Group}
            expect affiliation status affiliated within 15s
            call {Scene.Group}
            keep-pressing within 15s
            wait 300ms
            release
            expect released within 15s
            hangup
            """;
        Assert.True(await RunAsync(script, Client(scene, "alice", "--script", "-", "--json")) == ExitCodes.Success, $"{_out}{_error}");
        var words = _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()).ToList();
        Assert.Equal(["registered", "established", "granted", "released", "ended", "unregistered"], words.Where(word => word
            is "registered" or "established" or "granted" or "released" or "ended" or "unregistered"));
    }

    [Fact]
    public async Task Flags_alone_play_a_file_and_record_another()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob");
        var played = Path.Combine(_folder, "played.wav");
        var recorded = Path.Combine(_folder, "recorded.wav");
        var samples = Enumerable.Range(0, WavFile.SampleRate).Select(i => (short)(8_000 * Math.Sin(i / 5.0))).ToArray();
        File.WriteAllBytes(played, WavFile.Write(samples));
        var running = RunAsync("", Client(scene, "alice", "--group", Scene.Group, "--affiliate", "--call", "--record", recorded, "--duration", "3s"));
        await bob.ExpectAsync("idle");
        await bob.TalkAsync(TimeSpan.FromSeconds(1));
        Assert.True(await running == ExitCodes.Success, $"{_out}{_error}");
        Assert.True(WavFile.TryRead(recorded, out var heard, out var fault), fault);
        Assert.Contains(heard, sample => Math.Abs((int)sample) > 1_000);

        bob.Ue.Record(recorded);
        Assert.True(await RunAsync("", Client(scene, "carol", "--script", Script($"register\nsubscribe\naffiliate {Scene.Group}\nexpect affiliation status affiliated within 15s\n"
            + $"call {Scene.Group}\nplay {played}\nkeep-pressing within 15s\nexpect played within 15s\nrelease\nexpect released within 15s\n"))) == ExitCodes.Success, $"{_out}{_error}");
        await bob.ExpectAsync("heard", ("packets", "50"), ("lost", "0"));
    }

    [Fact]
    public async Task An_expectation_that_does_not_come_true_ends_with_1_and_names_its_line()
    {
        await using var scene = await Scene.OpenAsync();
        Assert.Equal(ExitCodes.Failed, await RunAsync("register\nexpect granted within 200ms\n", Client(scene, "alice", "--script", "-")));
        Assert.Contains("line 2: expected granted within 0.2s; happened: registered", _error.ToString());
    }

    [Theory]
    [InlineData("--user \"alice\" is no SIP URI", "--server", "127.0.0.1", "--user", "alice")]
    [InlineData("--transport: \"carrier-pigeon\"", "--server", "127.0.0.1", "--user", "sip:alice@example.org", "--transport", "carrier-pigeon")]
    [InlineData("--affiliate and --call want a --group", "--server", "127.0.0.1", "--user", "sip:alice@example.org", "--call")]
    [InlineData("line 1: unknown command \"dance\"", "--server", "127.0.0.1", "--user", "sip:alice@example.org", "--script", "-")]
    [InlineData("shares from 0 to 1", "--server", "127.0.0.1", "--user", "sip:alice@example.org", "--lose", "2")]
    [InlineData("no such file", "--server", "127.0.0.1", "--user", "sip:alice@example.org", "--script", "no-such-script")]
    public async Task A_flag_that_cannot_be_read_ends_with_2_and_is_named(string fault, params string[] flags)
    {
        Assert.Equal(ExitCodes.Usage, await RunAsync("dance", ["ue", .. flags]));
        var told = _error.ToString().Replace("--user: ", "--user ").Replace("Could not find file", "no such file");
        Assert.Contains(fault, told);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Client(Scene scene, string name, params string[] more)
    {
        var options = scene.Add(name).Options;
        return ["ue", "--server", options.Server.ToString(), "--user", $"sip:{name}@{Scene.Domain}", "--password", options.Password!, .. more]; // Each user of the scene has one.
    }

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "script.ue");
        File.WriteAllText(path, text);
        return path;
    }

    private Task<int> RunAsync(string input, params string[] args)
    {
        var context = new CommandContext
        {
            Out = TextWriter.Synchronized(_out),
            Error = TextWriter.Synchronized(_error),
            In = new StringReader(input),
            Environment = new Dictionary<string, string>(),
        };
        return McpttCommandLine.RunAsync(args, context);
    }
}
