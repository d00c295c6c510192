using System.Text;
using Mcptt.Testing;

namespace Mcptt.Api.Tests;

public sealed class UserEndpointsTests
{
    private const string Alice = "sip:alice@example.org";
    private static readonly string Address = ApiFixture.Users + ApiFixture.Escape(Alice);

    [Fact]
    [Clause("RFC7616 3.4.2")]
    public async Task A_password_becomes_ha1_values_and_is_never_stored_or_shown()
    {
        await using var api = await ApiFixture.StartAsync();

        var put = await api.PutAsync(Address, """{ "displayName": "Alice", "password": "s3cret" }""");
        var get = await api.GetAsync(Address);
        var state = await api.GetAsync(Address + "/state");

        var stored = api.Server.User(Alice);
        Assert.Equal(Hex(System.Security.Cryptography.SHA256.HashData("alice:example.org:s3cret"u8)), stored.Ha1["SHA-256"]);
        Assert.Equal(Hex(System.Security.Cryptography.MD5.HashData("alice:example.org:s3cret"u8)), stored.Ha1["MD5"]);
        Assert.Equal("example.org", stored.Realm);
        var everything = string.Join("\n", api.Server.Commands.Select(command => command.ToString())) + put.Body + get.Body + state.Body;
        Assert.DoesNotContain("s3cret", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(stored.Ha1["MD5"], put.Body.ToString() + get.Body + state.Body, StringComparison.Ordinal);
        Assert.Equal("MD5", state.Body.GetProperty("digestAlgorithms")[0].GetString());
        Assert.Equal("edge-1", state.Body.GetProperty("bindings")[0].GetProperty("client").GetProperty("edgeNode").GetString());
    }

    [Fact]
    public async Task A_put_without_password_keeps_the_one_that_is_set()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address, """{ "password": "s3cret" }""");
        var before = api.Server.User(Alice).Ha1["SHA-256"];

        Assert.Equal(200, (await api.PutAsync(Address, """{ "displayName": "Alice B." }""")).Status);

        Assert.Equal("Alice B.", api.Server.User(Alice).DisplayName);
        Assert.Equal(before, api.Server.User(Alice).Ha1["SHA-256"]);
    }

    [Fact]
    public async Task Another_digest_user_needs_the_password()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address, """{ "password": "s3cret" }""");

        var (status, body) = await api.PutAsync(Address, """{ "digestUser": "a.smith" }""");

        Assert.Equal(400, status);
        Assert.Equal("give the password too", body.GetProperty("faults")[0].GetProperty("fix").GetString());
    }

    [Fact]
    public async Task The_password_alone_can_be_changed()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address, """{ "displayName": "Alice", "password": "one", "maxAffiliationsN2": 3 }""");

        Assert.Equal(204, (await api.PutAsync(Address + "/password", """{ "password": "two" }""")).Status);

        var stored = api.Server.User(Alice);
        Assert.Equal(Hex(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("alice:example.org:two"))), stored.Ha1["SHA-256"]);
        Assert.Equal(("Alice", 3u), (stored.DisplayName, stored.MaxAffiliationsN2));
    }

    [Fact]
    public async Task The_password_of_an_unknown_user_is_404()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(404, (await api.PutAsync(Address + "/password", """{ "password": "two" }""")).Status);
    }

    [Fact]
    public async Task A_faulty_password_is_not_repeated_in_the_answer()
    {
        await using var api = await ApiFixture.StartAsync();
        var secret = new string('s', 300);

        var (status, body) = await api.PutAsync(Address, $$"""{ "password": "{{secret}}" }""");

        Assert.Equal(400, status);
        Assert.DoesNotContain(secret, body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_tells_who_is_registered()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address, """{ "displayName": "Alice" }""");

        var (_, body) = await api.GetAsync("/v1/users");

        var user = Assert.Single(body.GetProperty("items").EnumerateArray());
        Assert.Equal(Alice, user.GetProperty("mcpttId").GetString());
        Assert.True(user.GetProperty("registered").GetBoolean());
        Assert.False(body.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_removed_user_is_gone()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address, "{}");

        Assert.Equal(204, (await api.SendAsync(HttpMethod.Delete, Address, null)).Status);
        Assert.Equal(404, (await api.GetAsync(Address)).Status);
        Assert.Equal(404, (await api.GetAsync(Address + "/state")).Status);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
