using System.Net;
using System.Net.Sockets;
using Mcptt.Host.Commands;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Microsoft.Data.Sqlite;

namespace Mcptt.Scenarios.Crash;

/// <summary>A server that cannot start ends, and says which file or key is at fault and what to do.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private const int NewerVersion = 99;

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    [Fact]
    public async Task A_journal_of_a_newer_version_is_left_alone()
    {
        await MakeJournalAsync();
        SetVersion(NewerVersion);
        var before = await File.ReadAllBytesAsync(Path.Combine(Data, "journal.db"));
        await AssertRefusedAsync([], [], "journal.db", $"version {NewerVersion}", "run the newer program", "data.journal");
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Data, "journal.db")));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_key()
    {
        using var sip = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sip.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var api = new TcpListener(IPAddress.Loopback, 0);
        api.Start();
        await AssertRefusedAsync([], ["--sip", $"udp:{sip.LocalEndPoint}"], "sip.listeners", $"{sip.LocalEndPoint}", "another program has the port");
        await AssertRefusedAsync([], ["--api", $"{api.LocalEndpoint}"], "api.listener", $"{api.LocalEndpoint}", "another program has the port");
    }

    [Fact]
    public async Task A_journal_that_another_server_has_is_named_with_its_key()
    {
        await using var first = await ServerProcess.StartAsync(Data);
        await AssertRefusedAsync([], [], "journal.db", "in use by another process", "data.journal");
    }

    [RequiresRootFact("unshare", "mount")]
    public async Task A_read_only_folder_or_journal_is_named_with_its_key()
    {
        await MakeJournalAsync();
        var journal = Path.Combine(Data, "journal.db");
        await AssertRefusedAsync(Within("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"", Data), [], Data, "data.folder");
        await AssertRefusedAsync(Within("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"", journal), [], journal, "data.journal");
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Within(string script, string path) => ["unshare", "--mount", "bash", "-c", script + " && exec \"$@\"", path];

    private async Task AssertRefusedAsync(string[] launcher, string[] flags, params string[] said)
    {
        var (exit, output) = await ServerProcess.RunToEndAsync(Data, launcher, flags);
        Assert.True(exit == ExitCodes.CannotStart, $"exit code {exit}\n{output}");
        Assert.All(said, part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    private async Task MakeJournalAsync()
    {
        await using var server = await ServerProcess.StartAsync(Data);
        Assert.Equal(ExitCodes.Success, await server.TerminateAsync());
    }

    private void SetVersion(int version)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA user_version={version}";
        command.ExecuteNonQuery();
    }
}
