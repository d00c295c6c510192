using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Testing.Postgres;

namespace Mcptt.Host.Tests.Commands;

public sealed class JournalCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcptt-journal-");

    private string File => Path.Combine(_folder.FullName, "journal.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Of_a_file_the_tables_are_shown_made_and_told()
    {
        var missing = await RunAsync("status", File);
        Assert.Equal(ExitCodes.CannotStart, missing.Code);
        Assert.Contains("mcptt journal migrate", missing.Error, StringComparison.Ordinal);

        await AssertMigratesAsync(File, version: 1);
        Assert.Contains("SQLite 3.", (await RunAsync("status", File)).Out, StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task Of_a_database_the_tables_are_shown_made_and_told()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        var empty = await RunAsync("status", database);
        Assert.Equal(ExitCodes.Failed, empty.Code);
        Assert.Contains("0, this program needs 3: run \"mcptt journal migrate\"", empty.Out, StringComparison.Ordinal);

        await AssertMigratesAsync(database, version: 3);
    }

    [RequiresPostgresFact]
    public async Task A_server_refuses_a_database_without_tables_and_says_what_to_run()
    {
        var database = PostgresServer.Shared.CreateDatabase();

        var refused = await CommandLine.RunAsync(["serve", "--open", "--sip", "udp:127.0.0.1:0", "--api", "127.0.0.1:0", "--data", _folder.FullName, "--set", $"data.journal={database}"]);

        Assert.Equal(ExitCodes.CannotStart, refused.Code);
        Assert.Contains("mcptt journal migrate", refused.Error, StringComparison.Ordinal);
        Assert.Contains("data.migrate=true", refused.Error, StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task The_password_comes_from_a_file_or_the_environment_and_is_never_shown()
    {
        const string password = "hush-hush";
        var name = PostgresServer.Shared.CreateDatabase().Split("Database=")[1];
        var database = $"postgres://postgres:{password}@127.0.0.1:{PostgresServer.Shared.Port}/{name}";
        var file = Path.Combine(_folder.FullName, "password");
        await System.IO.File.WriteAllTextAsync(file, password + "\n");
        var environment = new Dictionary<string, string> { ["MCPTT_DATA_JOURNAL_PASSWORD"] = password };
        Ran[] ran =
        [
            await RunAsync("migrate", database),
            await CommandLine.RunAsync(["journal", "status", "--set", $"data.journal={database}", "--set", $"data.journalPasswordFile={file}"], environment: environment),
            await CommandLine.RunAsync(["config", "show", "--set", $"data.journal={database}"], environment: environment),
            await CommandLine.RunAsync(["config", "show", "--json", "--set", $"data.journal={database}"], environment: environment),
        ];

        Assert.All(ran, one => Assert.True(one.Code == ExitCodes.Success && !(one.Out + one.Error).Contains(password, StringComparison.Ordinal), $"{one}"));
        Assert.Contains(name, ran[3].Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://mcptt:hush@db1/mcptt?sslmoed=x", "sslmoed")]
    [InlineData("postgres://mcptt:hush@/mcptt", "names no host")]
    [InlineData("Host=db1;Username=mcptt;Password=hush", "names no database")]
    public async Task An_address_that_is_wrong_is_told_without_its_password(string address, string problem)
    {
        var ran = await RunAsync("status", address);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains(problem, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_that_is_not_there_is_named()
    {
        var ran = await CommandLine.RunAsync(["journal", "status", "--set", "data.journal=postgres://mcptt@127.0.0.1:1/mcptt", "--set", $"data.journalPasswordFile={File}"]);

        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains(File, ran.Error, StringComparison.Ordinal);
        Assert.Contains("data.journalPasswordFile", ran.Error, StringComparison.Ordinal);
    }

    private static async Task AssertMigratesAsync(string journal, int version)
    {
        var dry = await RunAsync("migrate", journal, "--dry-run");
        Assert.Equal(ExitCodes.Success, dry.Code);
        Assert.Contains("CREATE TABLE journal", dry.Out, StringComparison.Ordinal);

        Assert.Contains($"is at version {version}", (await RunAsync("migrate", journal)).Out, StringComparison.Ordinal);
        Assert.Contains("is up to date", (await RunAsync("migrate", journal)).Out, StringComparison.Ordinal);
        Assert.Contains("is up to date", (await RunAsync("migrate", journal, "--dry-run")).Out, StringComparison.Ordinal);

        var status = await RunAsync("status", journal, "--json");
        Assert.Equal(ExitCodes.Success, status.Code);
        Assert.Equal(0, JsonDocument.Parse(status.Out).RootElement.GetProperty("events").GetInt64());
        Assert.Equal(version, JsonDocument.Parse(status.Out).RootElement.GetProperty("version").GetInt64());
    }

    private static Task<Ran> RunAsync(string command, string journal, params string[] more) =>
        CommandLine.RunAsync(["journal", command, "--set", $"data.journal={journal}", .. more]);
}
