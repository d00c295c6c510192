using System.Net;
using System.Net.Http.Headers;

namespace Mcptt.Api.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData("right", 200)]
    public async Task With_a_token_only_its_bearer_gets_in(string? token, int expected)
    {
        await using var api = await ApiFixture.StartAsync(new ApiOptions { Token = "right" });
        api.Http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(expected, (await api.GetAsync("/v1/groups")).Status);
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    public async Task Without_a_token_only_names_of_this_machine_are_answered(string host, HttpStatusCode expected)
    {
        await using var api = await ApiFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/groups");
        request.Headers.Host = host;

        using var response = await api.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        await using var api = await ApiFixture.StartAsync(new ApiOptions { Token = "right" });

        Assert.Equal(200, (await api.GetAsync("/v1/health/live")).Status);
        Assert.Equal(200, (await api.GetAsync("/v1/health/ready")).Status);
    }

    [Fact]
    public async Task A_part_that_is_not_ready_makes_the_server_not_ready()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Server.Ready = false;

        var (status, body) = await api.GetAsync("/v1/health/ready");

        Assert.Equal(503, status);
        Assert.Equal("not-ready", body.GetProperty("status").GetString());
        Assert.Equal("disk full", body.GetProperty("checks")[0].GetProperty("detail").GetString());
        Assert.Equal(200, (await api.GetAsync("/v1/health/live")).Status);
    }

    [Fact]
    public async Task An_unknown_address_is_a_problem_document_too()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, body) = await api.GetAsync("/v2/groups");

        Assert.Equal(404, status);
        Assert.Equal("urn:mcptt:problem:no-such-address", body.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_405()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, body) = await api.SendAsync(HttpMethod.Post, "/v1/groups", "{}");

        Assert.Equal(405, status);
        Assert.Equal("urn:mcptt:problem:method-not-allowed", body.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_taken_port_is_an_io_exception()
    {
        await using var first = await ApiFixture.StartAsync();
        var port = first.Http.BaseAddress!.Port;

        await Assert.ThrowsAsync<IOException>(() => ApiFixture.StartAsync(new ApiOptions { Endpoint = new IPEndPoint(IPAddress.Loopback, port) }));
    }
}
