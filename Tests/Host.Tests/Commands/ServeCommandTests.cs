using System.Net;
using System.Net.Sockets;
using Mcptt.Host.Commands;
using SQLitePCL;

namespace Mcptt.Host.Tests.Commands;

public sealed class ServeCommandTests : IDisposable
{
    // SQLite file format 1.3: PRAGMA user_version, big-endian.
    private const int UserVersionOffset = 60;

    private readonly string _folder = ServingServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_line_tells_each_listener_and_a_stop_ends_with_zero()
    {
        var server = await ServingServer.StartAsync(_folder, "--open");

        Assert.Contains(server.Lines, line => line.StartsWith("sip udp 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.StartsWith("sip tcp 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.StartsWith("media udp 127.0.0.1", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.StartsWith("api http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains($"journal {Path.Combine(_folder, "journal.db")}", server.Lines);
        Assert.DoesNotContain(server.Lines, line => line.Contains(":0,", StringComparison.Ordinal));
        Assert.Equal("ready", server.Lines[^1]);

        Assert.Equal(ExitCodes.Success, await server.StopAsync());
        Assert.Equal(["draining", "stopped"], server.Lines.TakeLast(2));
    }

    [Fact]
    public async Task What_was_provisioned_is_there_after_a_restart()
    {
        await using (var server = await ServingServer.StartAsync(_folder))
        {
            var group = """{ "groupId": "sip:brigade@example.org", "members": [ { "mcpttId": "sip:alice@example.org" } ] }""";
            Assert.Equal("sip:brigade@example.org stored, 1 members", (await server.RunAsync("group put -", group)).Out.Trim());
            Assert.Equal("sip:alice@example.org stored", (await server.RunAsync("user put -", """{ "mcpttId": "sip:alice@example.org" }""")).Out.Trim());
        }

        await using var again = await ServingServer.StartAsync(_folder);
        Assert.Matches(@"sip:brigade@example\.org\s+prearranged\s+1\s+0", (await again.RunAsync("group list")).Out);
        Assert.Matches(@"sip:alice@example\.org\s+no\s+0", (await again.RunAsync("user list")).Out);
        Assert.Equal(ExitCodes.Success, (await again.RunAsync("health")).Code);
    }

    [Fact]
    public async Task Files_named_at_the_start_are_provisioned()
    {
        var groups = Write("groups.json", """[ { "groupId": "sip:a@example.org" }, { "groupId": "sip:b@example.org" } ] // two""");
        var users = Write("users.json", """{ "mcpttId": "sip:alice@example.org", "password": "s3cret" }""");

        await using var server = await ServingServer.StartAsync(_folder, "--groups", groups, "--users", users);

        Assert.Equal(["sip:a@example.org", "sip:b@example.org"], (await server.RunAsync("group list")).Out.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split(' ')[0]));
        Assert.Contains("password set (MD5, SHA-256)", (await server.RunAsync("user state sip:alice@example.org")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_typo_in_a_group_file_is_named_by_line_and_key_and_nothing_is_started()
    {
        var groups = Write("groups.json", "[\n  { \"groupId\": \"sip:a@example.org\",\n    \"hangTimerSecond\": 3 }\n]");

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, ["--groups", groups]));

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Equal($"mcptt: {groups}: line 3, column 5: [0].hangTimerSecond: unknown key; did you mean \"hangTimerSeconds\"?", ran.Error.Trim());
        Assert.False(File.Exists(Path.Combine(_folder, "journal.db")));
    }

    [Fact]
    public async Task A_udp_port_in_use_is_named_with_its_key()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = $"udp:127.0.0.1:{((IPEndPoint)taken.Client.LocalEndPoint!).Port}";

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, ["--set", $"sip.listeners={listener}"])
            .Where(argument => argument is not "--sip" and not "udp:127.0.0.1:0,tcp:127.0.0.1:0").ToList());

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains($"sip.listeners is {listener}; another program has the port", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_the_api_in_use_is_named_with_its_key()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var listener = taken.LocalEndpoint.ToString();

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, []).Select(argument => argument == "127.0.0.1:0" ? listener! : argument).ToList());

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains($"api.listener is {listener}; another program has the port", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_is_named_and_left_alone()
    {
        var path = Write("journal.db", "this is a shopping list, not a database, and it stays one");

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, []));

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains(path, ran.Error, StringComparison.Ordinal);
        Assert.Contains("data.journal", ran.Error, StringComparison.Ordinal);
        Assert.Equal("this is a shopping list, not a database, and it stays one", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_named_and_left_alone()
    {
        await using (await ServingServer.StartAsync(_folder))
        {
            // It makes the journal.
        }

        var path = Path.Combine(_folder, "journal.db");
        var bytes = await File.ReadAllBytesAsync(path);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(UserVersionOffset), 99);
        await File.WriteAllBytesAsync(path, bytes);

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, []));

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains("of version 99", ran.Error, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_second_server_on_the_same_journal_is_refused_and_the_first_goes_on()
    {
        await using var first = await ServingServer.StartAsync(_folder);

        var second = await CommandLine.RunAsync(ServingServer.Arguments(_folder, []));

        Assert.Equal(ExitCodes.CannotStart, second.Code);
        Assert.Contains("is in use by another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await first.RunAsync("health")).Code);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_refuses_changes_and_says_so_in_health_until_it_can()
    {
        await using var server = await ServingServer.StartAsync(_folder);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Path.Combine(_folder, "journal.db"), out var blocker));
        using (blocker)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(blocker, "BEGIN IMMEDIATE"));

            var refused = await server.RunAsync("group put -", """{ "groupId": "sip:g@example.org" }""");
            var health = await server.RunAsync("health");

            Assert.Equal(ExitCodes.Failed, refused.Code);
            Assert.Contains("The server cannot do this now", refused.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Failed, health.Code);
            Assert.Matches(@"journal\s+no\s+\S+", health.Out);
        }

        Assert.Equal(ExitCodes.Success, (await server.RunAsync("group put -", """{ "groupId": "sip:g@example.org" }""")).Code);
        Assert.Equal(ExitCodes.Success, (await server.RunAsync("health")).Code);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        var file = Write("file", "x");

        var ran = await CommandLine.RunAsync(ServingServer.Arguments(Path.Combine(file, "below"), []));

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains("data.folder", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_before_anything_starts()
    {
        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, ["--set", "sip.relm=x"]));

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("did you mean \"sip.realm\"?", ran.Error, StringComparison.Ordinal);
        Assert.Empty(ran.Out);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
