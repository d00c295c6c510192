using System.Text.Json;
using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Version_names_the_program_and_its_version()
    {
        var ran = await CommandLine.RunAsync(["--version"]);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Matches(@"^mcptt \d+\.\d+\.\d+", ran.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("config")]
    [InlineData("config check")]
    [InlineData("config show")]
    [InlineData("group")]
    [InlineData("group put")]
    [InlineData("group get")]
    [InlineData("group state")]
    [InlineData("group list")]
    [InlineData("group remove")]
    [InlineData("user")]
    [InlineData("user put")]
    [InlineData("user get")]
    [InlineData("user state")]
    [InlineData("user list")]
    [InlineData("user remove")]
    [InlineData("user password")]
    [InlineData("call")]
    [InlineData("call list")]
    [InlineData("call show")]
    [InlineData("call release")]
    [InlineData("health")]
    [InlineData("audit")]
    [InlineData("audit log")]
    [InlineData("audit replay")]
    [InlineData("audit diff")]
    [InlineData("audit calls")]
    [InlineData("audit show")]
    [InlineData("audit timeline")]
    public async Task Help_of_every_command_ends_with_examples(string command)
    {
        var ran = await CommandLine.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Contains("Usage:", ran.Out, StringComparison.Ordinal);
        Assert.Contains($"Examples:{Environment.NewLine}  mcptt {command}".TrimEnd(), ran.Out, StringComparison.Ordinal);
        Assert.Empty(ran.Error);
    }

    [Theory]
    [InlineData("serv")]
    [InlineData("serve --opne")]
    [InlineData("group put")]
    [InlineData("group frobnicate")]
    [InlineData("call show")]
    public async Task A_wrong_command_line_is_a_usage_error(string line)
    {
        var ran = await CommandLine.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.NotEmpty(ran.Error);
    }

    [Fact]
    public async Task A_valid_configuration_is_told_so()
    {
        var ran = await CommandLine.RunAsync(["config", "check", "--open", "--sip", "udp:127.0.0.1:0", "--set", "log.level=debug"]);

        Assert.Equal((ExitCodes.Success, "The configuration is valid.", ""), (ran.Code, ran.Out.Trim(), ran.Error));
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_on_stderr()
    {
        var ran = await CommandLine.RunAsync(["config", "check", "--sip", "upd:127.0.0.1:0", "--set", "sip.relm=x"]);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Empty(ran.Out);
        Assert.Contains("sip.listeners (flag --sip)", ran.Error, StringComparison.Ordinal);
        Assert.Contains("sip.relm (flag --set): is no key; did you mean \"sip.realm\"?", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_tells_values_and_origins_and_hides_secrets()
    {
        var environment = new Dictionary<string, string> { ["MCPTT_API_TOKEN"] = "0123456789abcdef" };

        var ran = await CommandLine.RunAsync(["config", "show", "--realm", "example.org"], environment: environment);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Matches(@"sip\.realm\s+example\.org\s+flag --realm", ran.Out);
        Assert.Matches(@"api\.token\s+\(set, hidden\)\s+environment MCPTT_API_TOKEN", ran.Out);
        Assert.Matches(@"sip\.open\s+false\s+default", ran.Out);
        Assert.DoesNotContain("0123456789abcdef", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran.Out);
    }

    [Fact]
    public async Task Show_as_json_is_a_configuration_file()
    {
        var shown = await CommandLine.RunAsync(["config", "show", "--json", "--set", "sip.domains=example.org,example.com"]);
        var file = Path.Combine(Path.GetTempPath(), $"mcptt-{Environment.ProcessId}-{nameof(Show_as_json_is_a_configuration_file)}.json");
        await File.WriteAllTextAsync(file, shown.Out);
        try
        {
            var again = await CommandLine.RunAsync(["config", "show", "--json", "--config", file]);

            Assert.Equal((ExitCodes.Success, shown.Out), (again.Code, again.Out));
            using var document = JsonDocument.Parse(shown.Out);
            Assert.Equal("example.com", document.RootElement.GetProperty("sip").GetProperty("domains")[1].GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("group list")]
    [InlineData("health")]
    public async Task A_server_that_is_not_there_is_named(string line)
    {
        // Port 9 (discard) is not served on loopback.
        var ran = await CommandLine.RunAsync([.. line.Split(' '), "--api", "http://127.0.0.1:9"]);

        Assert.Equal(ExitCodes.Unreachable, ran.Code);
        Assert.Contains("cannot reach http://127.0.0.1:9/", ran.Error, StringComparison.Ordinal);
        Assert.Contains("mcptt serve", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_a_usage_error()
    {
        var ran = await CommandLine.RunAsync(["group", "list", "--api", "127.0.0.1:7060"]);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("write it as http://127.0.0.1:7060", ran.Error, StringComparison.Ordinal);
    }
}
