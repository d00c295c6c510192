using System.Text.Json;
using Mcptt.Testing;

namespace Mcptt.Host.Tests.Commands;

public sealed class LoadCommandTests : IDisposable
{
    private const string Server = "udp:127.0.0.1:5060";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcptt-load-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_example_profile_is_valid()
    {
        var example = await CommandLine.RunAsync(["load", "example"]);
        var file = Write("town.json", example.Out);

        var check = await CommandLine.RunAsync(["load", "check", file]);

        Assert.Equal((0, "", "The profile is valid.\n"), (check.Code, check.Error, check.Out));
    }

    [Fact]
    public async Task Every_fault_of_a_profile_is_named_with_its_line_and_what_to_write()
    {
        var file = Write("bad.json", "{\n  \"calls\": { \"arrivals\": \"now\" },\n  \"voice\": { \"packetTimeMs\": 7 }\n}");

        var check = await CommandLine.RunAsync(["load", "check", file]);

        Assert.Equal(2, check.Code);
        Assert.Contains($"{file}: line 2, column 26: calls.arrivals: \"now\" is not known; write one of random, even", check.Error, StringComparison.Ordinal);
        Assert.Contains("line 3, column 30: voice.packetTimeMs: is 7; write 10, 20", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_key_gets_a_suggestion()
    {
        var check = await CommandLine.RunAsync(["load", "check", Write("bad.json", "{ \"calls\": { \"perSecnd\": 1 } }")]);

        Assert.Equal(2, check.Code);
        Assert.Contains("calls.perSecnd: unknown key; did you mean \"perSecond\"?", check.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("load --profile {p}", "--server is missing")]
    [InlineData("load --server " + Server, "--profile is missing")]
    [InlineData("load --server 127.0.0.1:5060 --profile {p}", "write udp:HOST:PORT or tcp:HOST:PORT")]
    [InlineData("load --server udp:127.0.0.1 --profile {p}", "write udp:HOST:PORT or tcp:HOST:PORT")]
    [InlineData("load --server udp:127.0.0.1:5060,tcp:127.0.0.1:5060 --profile {p}", "all of one transport")]
    [InlineData("load --server " + Server + " --profile {p} --duration soon", "--duration: \"soon\" is no duration")]
    [InlineData("load --server " + Server + " --profile {p} --local here", "--local: \"here\" is no IP address")]
    [InlineData("load --server " + Server + " --profile {p} --server-pid me", "--server-pid: \"me\" is no process id")]
    [InlineData("load --server " + Server + " --profile {p} --api nowhere", "is no address of the API")]
    [InlineData("load --server " + Server + " --profile nothing.json", "\"mcptt load example\" prints one")]
    [InlineData("load compare nothing.json nothing.json", "the report cannot be read")]
    [InlineData("load compare {p} {p}", "not a report of mcptt load")]
    public async Task A_wrong_flag_is_refused_with_what_to_write(string line, string expected)
    {
        var profile = Write("town.json", "{}");

        var ran = await CommandLine.RunAsync([.. line.Replace("{p}", profile, StringComparison.Ordinal).Split(' ')]);

        Assert.Equal(2, ran.Code);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_api_there_is_no_provisioning_and_the_message_says_how_to_do_without()
    {
        var profile = Write("town.json", "{}");

        var ran = await CommandLine.RunAsync(["load", "--server", Server, "--profile", profile, "--api", "http://127.0.0.1:1"]);

        Assert.Equal(3, ran.Code);
        Assert.Contains("--no-provision", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Against_a_real_server_users_are_provisioned_registered_and_reported_and_two_reports_compare()
    {
        await using var server = await ServingServer.StartAsync(ServingServer.NewFolder(), "--set", "sip.realm=example.org", "--set", "sip.domains=example.org");
        var sip = server.Lines.First(line => line.StartsWith("sip udp ", StringComparison.Ordinal)).Split(' ')[2];
        var profile = Write(
            "town.json",
            """
            { "users": { "count": 6, "password": "pw-{n}", "registrationsPerSecond": 100 }, "groups": { "count": 2, "members": 3 }, "calls": { "perSecond": 0 },
              "phases": { "rampSeconds": 0, "steadySeconds": 1 }, "limits": { "scheduleLagMs": 60000, "voiceLagMs": 60000 },
              "thresholds": [{ "count": "registrationsFailed", "max": 0 }] }
            """);
        var folder = Path.Combine(_folder.FullName, "report");

        var ran = await CommandLine.RunAsync(["load", "--server", $"udp:{sip}", "--profile", profile, "--report", folder, "--json", "--api", server.Api.ToString()]);

        Assert.True(ran.Code == 0, ran.Error + ran.Out);
        var report = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(6, report.GetProperty("counts").GetProperty("registered").GetInt32());
        Assert.Equal(6, report.GetProperty("measures").GetProperty("registration").GetProperty("count").GetInt32());
        Assert.False(report.GetProperty("profile").GetProperty("users").GetProperty("password").GetString()!.Length > 0);
        Assert.All(new[] { "report.json", "report.html", "report.svg" }, name => Assert.True(File.Exists(Path.Combine(folder, name)), name));
        Assert.Contains("sip:load-group-0002@example.org", (await server.RunAsync("group list")).Out, StringComparison.Ordinal);

        var json = Path.Combine(folder, "report.json");
        var compared = await CommandLine.RunAsync(["load", "compare", json, $"{json}@0-600"]);
        Assert.Equal((0, ""), (compared.Code, compared.Error));
        Assert.Contains(compared.Out.Split('\n'), line => line.StartsWith("registered", StringComparison.Ordinal) && line.Contains('6', StringComparison.Ordinal));
    }

    // Exact counts: what is planned is made, and what is said is heard. Nothing here depends on how fast the machine is.
    [Fact]
    [Clause("TS24.379 10.1.1")]
    [Clause("TS24.380 6.2.4")]
    public async Task Against_a_real_server_every_call_is_set_up_every_burst_is_heard_and_nothing_is_lost()
    {
        await using var server = await ServingServer.StartAsync(ServingServer.NewFolder(), "--set", "sip.realm=example.org", "--set", "sip.domains=example.org");
        var sip = server.Lines.First(line => line.StartsWith("sip udp ", StringComparison.Ordinal)).Split(' ')[2];
        var profile = Write(
            "town.json",
            """
            { "users": { "count": 16, "password": "pw-{n}", "registrationsPerSecond": 100 }, "groups": { "count": 4, "members": 4 },
              "calls": { "perSecond": 1, "arrivals": "even", "length": { "seconds": 2.4 }, "emergencyShare": 0.5, "lateEntryShare": 0.5 },
              "bursts": { "length": { "seconds": 0.7 }, "pause": { "seconds": 0.2 } },
              "phases": { "rampSeconds": 0, "steadySeconds": 4 }, "limits": { "scheduleLagMs": 60000, "voiceLagMs": 60000 },
              "thresholds": [{ "count": "callsFailed", "max": 0 }, { "count": "framesLost", "max": 0 }, { "count": "floorConflicts", "max": 0 }], "seed": 5 }
            """);

        var ran = await CommandLine.RunAsync(["load", "--server", $"udp:{sip}", "--profile", profile, "--json", "--api", server.Api.ToString()]);

        Assert.True(ran.Code == 0, ran.Error + ran.Out);
        var report = JsonDocument.Parse(ran.Out).RootElement;
        var counts = report.GetProperty("counts");
        Assert.Equal(16, Count("registered"));
        Assert.Equal((3, 3), (Count("callsStarted"), Count("callsSetUp")));
        Assert.Equal((6, 0), (Count("listenersJoined"), Count("listenersMissing")));
        Assert.Equal((Count("presses"), 0), (Count("granted"), Count("denied")));
        Assert.True(Count("presses") >= 3 && Count("hearingsExpected") > 0, ran.Out);
        Assert.Equal(Count("hearingsExpected"), Count("hearingsHeard"));
        Assert.Equal((Count("framesExpected"), 0, 0), (Count("framesHeard"), Count("framesLost"), Count("framesForeign")));
        Assert.True(Count("lateEntries") > 0 && Count("lateEntriesFailed") == 0, ran.Out);
        Assert.Empty(report.GetProperty("failures").EnumerateObject());
        Assert.Equal(3, report.GetProperty("measures").GetProperty("callAccess").GetProperty("count").GetInt32());

        int Count(string name) => counts.GetProperty(name).GetInt32();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
