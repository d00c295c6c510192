using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Tests;

public sealed class CallEndpointsTests
{
    private const string Call = "0123456789abcdef01234567";
    private const string Ended = "ffffffffffffffffffffffff";

    [Fact]
    public async Task A_call_shows_its_legs_and_who_talks()
    {
        await using var api = await StartAsync();

        var (status, body) = await api.GetAsync("/v1/calls/" + Call);

        Assert.Equal(200, status);
        Assert.Equal("sip:brigade@example.org", body.GetProperty("groupId").GetString());
        Assert.Equal("2026-01-01T00:00:00+00:00", body.GetProperty("startedAt").GetString());
        Assert.Equal("sip:alice@example.org", body.GetProperty("legs")[0].GetProperty("mcpttId").GetString());
        Assert.Equal(40_000, body.GetProperty("media").GetProperty("rtpPort").GetInt32());
        Assert.Equal("taken", body.GetProperty("floor").GetProperty("phase").GetString());
        Assert.Equal("sip:alice@example.org", body.GetProperty("floor").GetProperty("holders")[0].GetProperty("mcpttId").GetString());
        Assert.Equal("sip:bob@example.org", body.GetProperty("floor").GetProperty("queue")[0].GetProperty("mcpttId").GetString());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("?state=active", 1)]
    [InlineData("?state=all", 2)]
    public async Task The_list_holds_calls_under_way_or_all(string query, int expected)
    {
        await using var api = await StartAsync();

        var (status, body) = await api.GetAsync("/v1/calls" + query);

        Assert.Equal(200, status);
        Assert.Equal(expected, body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_state_is_refused()
    {
        await using var api = await StartAsync();

        Assert.Equal(400, (await api.GetAsync("/v1/calls?state=gone")).Status);
    }

    [Fact]
    public async Task A_call_is_released_by_name_of_the_operator()
    {
        await using var api = await StartAsync();

        Assert.Equal(204, (await api.SendAsync(HttpMethod.Delete, "/v1/calls/" + Call, null)).Status);

        var command = Assert.Single(api.Server.Commands);
        Assert.Equal("released by operator", command.Call.Release.Reason);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456")]
    [InlineData("0123456789ABCDEF01234567")]
    [InlineData("sip%3Aalice%40example.org")]
    public async Task What_cannot_be_a_call_wakes_no_actor(string id)
    {
        await using var api = await StartAsync();

        Assert.Equal(404, (await api.GetAsync("/v1/calls/" + id)).Status);
        Assert.Equal(404, (await api.SendAsync(HttpMethod.Delete, "/v1/calls/" + id, null)).Status);
        Assert.Empty(api.Server.Commands);
    }

    private static async Task<ApiFixture> StartAsync()
    {
        var api = await ApiFixture.StartAsync();
        api.Server.Calls[Call] = new CallView
        {
            Call = Call,
            GroupId = "sip:brigade@example.org",
            SessionType = SessionType.Prearranged,
            Phase = "established",
            StartedUs = 1_767_225_600_000_000,
            MediaNode = "node",
            MediaAddress = "127.0.0.1",
            RtpPort = 40_000,
            FloorPort = 40_002,
            Legs = { new LegView { Leg = 1, McpttId = "sip:alice@example.org", ClientId = "c", Phase = "established" } },
        };
        api.Server.Calls[Ended] = new CallView { Call = Ended, GroupId = "sip:brigade@example.org", EndedUs = 1 };
        api.Server.Floors[Call] = new FloorView
        {
            Phase = "taken",
            Holders = { new FloorHolder { Leg = 1, McpttId = "sip:alice@example.org", SinceUs = 1 } },
            Queue = { new QueuedRequest { Leg = 2, McpttId = "sip:bob@example.org", Priority = 4 } },
        };
        return api;
    }
}
