using Mcptt.Domain.Nodes;

namespace Mcptt.Api.Tests;

public sealed class NodeEndpointsTests
{
    [Fact]
    public async Task Nodes_are_listed_by_name_with_the_shards_that_each_owns()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, list) = await api.GetAsync("/v1/nodes");

        Assert.Equal(200, status);
        var nodes = list.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["n1", "n2"], nodes.Select(node => node.GetProperty("name").GetString()));
        Assert.Equal([0], nodes[0].GetProperty("shards").EnumerateArray().Select(shard => shard.GetInt32()));
        Assert.Equal("""{"name":"n2","instance":4,"address":"http://10.0.0.2:7070/","roles":["actors","media"],"site":"east","version":"1.2.3","startedAt":"2026-11-22T01:00:00+00:00","draining":false,"shards":[1],"mediaLoad":7}""", nodes[1].GetRawText());
        Assert.Equal("node", list.GetProperty("seenBy").GetString());
        Assert.False(list.TryGetProperty("outOfDate", out _));
    }

    [Fact]
    public async Task A_node_without_contact_says_that_what_it_shows_may_be_old()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Nodes.Picture = api.Nodes.Picture with { Failure = "node n1 is no member of the cluster" };

        Assert.Equal("node n1 is no member of the cluster", (await api.GetAsync("/v1/nodes")).Body.GetProperty("outOfDate").GetString());
        Assert.Equal("node n1 is no member of the cluster", (await api.GetAsync("/v1/shards")).Body.GetProperty("outOfDate").GetString());
    }

    [Fact]
    public async Task Shards_show_their_owner_or_none_and_the_wish_of_an_operator()
    {
        await using var api = await ApiFixture.StartAsync();

        var (_, list) = await api.GetAsync("/v1/shards");

        Assert.Equal(
            ["""{"shard":0,"node":"n1","epoch":1}""", """{"shard":1,"node":"n2","epoch":2,"pinnedTo":"n2"}""", """{"shard":2,"epoch":5}"""],
            list.GetProperty("items").EnumerateArray().Select(shard => shard.GetRawText()));
    }

    [Fact]
    public async Task A_node_is_drained_and_undrained()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(204, (await api.SendAsync(HttpMethod.Post, "/v1/nodes/n2/drain", "{}")).Status);
        Assert.True((await api.GetAsync("/v1/nodes/n2")).Body.GetProperty("draining").GetBoolean());
        Assert.Equal(204, (await api.SendAsync(HttpMethod.Post, "/v1/nodes/n2/undrain", "{}")).Status);
        Assert.False((await api.GetAsync("/v1/nodes/n2")).Body.GetProperty("draining").GetBoolean());
    }

    [Fact]
    public async Task A_plain_web_form_of_another_site_drains_nothing()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, problem) = await api.SendAsync(HttpMethod.Post, "/v1/nodes/n2/drain", "a=b", "application/x-www-form-urlencoded");

        Assert.Equal(415, status);
        Assert.Equal("urn:mcptt:problem:not-json", problem.GetProperty("type").GetString());
        Assert.DoesNotContain(api.Nodes.Picture.Members, member => member.Draining);
    }

    [Fact]
    public async Task A_shard_is_wanted_on_a_node_and_then_anywhere()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(204, (await api.SendAsync(HttpMethod.Post, "/v1/shards/0/move", """{"node":"n2"}""")).Status);
        Assert.Equal("n2", api.Nodes.Picture.Shards[0].Pinned);
        Assert.Equal(204, (await api.SendAsync(HttpMethod.Post, "/v1/shards/0/move", """{"node":""}""")).Status);
        Assert.Equal("", api.Nodes.Picture.Shards[0].Pinned);
        Assert.Equal(400, (await api.SendAsync(HttpMethod.Post, "/v1/shards/0/move", """{"nod":"n2"}""")).Status);
    }

    [Theory]
    [InlineData(NodeOrderOutcome.UnknownNode, 404, "node-unknown")]
    [InlineData(NodeOrderOutcome.UnknownShard, 404, "shard-unknown")]
    [InlineData(NodeOrderOutcome.TakesNoShards, 409, "node-takes-no-shards")]
    [InlineData(NodeOrderOutcome.NotPossible, 409, "one-node")]
    [InlineData(NodeOrderOutcome.Unavailable, 503, "cluster")]
    public async Task An_order_that_cannot_be_says_why(NodeOrderOutcome outcome, int status, string type)
    {
        await using var api = await ApiFixture.StartAsync();
        api.Nodes.Refuses = new NodeOrder(outcome, "because of this");

        foreach (var (path, body) in (IEnumerable<(string, string)>)[("/v1/nodes/n9/drain", "{}"), ("/v1/shards/9/move", """{"node":"n9"}""")])
        {
            var (answered, problem) = await api.SendAsync(HttpMethod.Post, path, body);
            Assert.Equal(status, answered);
            Assert.Equal("urn:mcptt:problem:" + type, problem.GetProperty("type").GetString());
            Assert.Equal("because of this", problem.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task An_unknown_node_is_not_found()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(404, (await api.GetAsync("/v1/nodes/n9")).Status);
    }
}
