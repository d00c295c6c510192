using System.Text.Json;
using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

/// <summary>The commands on groups, users and calls against one real server.</summary>
public sealed class ProvisioningCommandsTests : IAsyncLifetime
{
    private readonly string _folder = ServingServer.NewFolder();
    private ServingServer? _server;

    private ServingServer Server => _server ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _server = await ServingServer.StartAsync(_folder, "--realm", "example.org");

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_group_goes_in_and_comes_out_as_the_same_document()
    {
        var put = await Server.RunAsync("group put -", """{ "groupId": "sip:g@example.org", "queueDepth": 4, "members": [ { "mcpttId": "sip:a@example.org", "userPriority": 9 } ] }""");
        var first = await Server.RunAsync("group get sip:g@example.org");
        var back = await Server.RunAsync("group put -", first.Out);
        var second = await Server.RunAsync("group get sip:g@EXAMPLE.org");

        Assert.Equal((ExitCodes.Success, ExitCodes.Success), (put.Code, back.Code));
        Assert.Equal(first.Out, second.Out);
        using var document = JsonDocument.Parse(first.Out);
        Assert.Equal(4, document.RootElement.GetProperty("queueDepth").GetInt32());
    }

    [Fact]
    public async Task Nothing_is_sent_when_one_of_the_documents_has_a_fault()
    {
        var ran = await Server.RunAsync("group put -", """[ { "groupId": "sip:good@example.org" }, { "groupId": "sip:bad@example.org", "queueDepth": 999 } ]""");

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("[1].queueDepth: is 999; at most 253 is possible", ran.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, (await Server.RunAsync("group get sip:good@example.org")).Code);
    }

    [Fact]
    public async Task What_is_not_there_is_told_with_exit_code_one()
    {
        var group = await Server.RunAsync("group get sip:nobody@example.org");
        var user = await Server.RunAsync("user remove sip:nobody@example.org");
        var call = await Server.RunAsync("call show 0123456789abcdef01234567");

        Assert.Equal((1, 1, 1), (group.Code, user.Code, call.Code));
        Assert.StartsWith("mcptt: Not found", group.Error, StringComparison.Ordinal);
        Assert.StartsWith("mcptt: Not found", user.Error, StringComparison.Ordinal);
        Assert.StartsWith("mcptt: Not found", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_that_is_none_is_a_usage_error()
    {
        var ran = await Server.RunAsync("group get brigade");

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("\"brigade\" is no identity", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_taken_from_standard_input_and_never_printed()
    {
        await Server.RunAsync("user put -", """{ "mcpttId": "sip:alice@example.org", "displayName": "Alice" }""");

        var set = await Server.RunAsync("user password sip:alice@example.org", "s3cret\n");
        var state = await Server.RunAsync("user state sip:alice@example.org");
        var get = await Server.RunAsync("user get sip:alice@example.org");

        Assert.Equal((ExitCodes.Success, "password of sip:alice@example.org set"), (set.Code, set.Out.Trim()));
        Assert.Contains("password set (MD5, SHA-256)", state.Out, StringComparison.Ordinal);
        Assert.Contains("\"displayName\": \"Alice\"", get.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", set.Out + state.Out + get.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_is_a_usage_error()
    {
        await Server.RunAsync("user put -", """{ "mcpttId": "sip:bob@example.org" }""");

        Assert.Equal(ExitCodes.Usage, (await Server.RunAsync("user password sip:bob@example.org")).Code);
    }

    [Fact]
    public async Task Lists_are_columns_for_people_and_json_for_programs()
    {
        await Server.RunAsync("user put -", """[ { "mcpttId": "sip:u1@example.org", "displayName": "One" }, { "mcpttId": "sip:u2@example.org" } ]""");

        var columns = await Server.RunAsync("user list");
        var json = await Server.RunAsync("user list --json");

        Assert.Matches(@"^USER\s+NAME\s+REGISTERED\s+AFFILIATIONS\r?\n", columns.Out);
        Assert.Matches(@"sip:u1@example\.org\s+One\s+no\s+0", columns.Out);
        using var document = JsonDocument.Parse(json.Out);
        Assert.Contains("sip:u2@example.org", document.RootElement.EnumerateArray().Select(user => user.GetProperty("mcpttId").GetString()));
    }

    [Fact]
    public async Task A_removed_group_leaves_the_list()
    {
        await Server.RunAsync("group put -", """{ "groupId": "sip:gone@example.org" }""");

        var removed = await Server.RunAsync("group remove sip:gone@example.org");

        Assert.Equal("sip:gone@example.org removed", removed.Out.Trim());
        Assert.DoesNotContain("sip:gone@example.org", (await Server.RunAsync("group list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_calls_the_list_of_calls_is_empty()
    {
        var ran = await Server.RunAsync("call list --json");

        Assert.Equal((ExitCodes.Success, "[]"), (ran.Code, ran.Out.Trim()));
    }
}
