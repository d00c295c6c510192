namespace Mcptt.Api.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_describes_every_address_with_its_body_and_answers()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, document) = await api.GetAsync("/v1/openapi.json");

        Assert.Equal(200, status);
        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        Assert.Equal(
            [
                "/v1/audit/actors/{id}/diff",
                "/v1/audit/actors/{id}/replay",
                "/v1/audit/calls",
                "/v1/audit/calls/{id}/story",
                "/v1/audit/calls/{id}/timeline",
                "/v1/audit/log",
                "/v1/calls",
                "/v1/calls/{id}",
                "/v1/events",
                "/v1/groups",
                "/v1/groups/{id}",
                "/v1/groups/{id}/state",
                "/v1/health/live",
                "/v1/health/ready",
                "/v1/nodes",
                "/v1/nodes/{name}",
                "/v1/nodes/{name}/drain",
                "/v1/nodes/{name}/undrain",
                "/v1/shards",
                "/v1/shards/{id}/move",
                "/v1/users",
                "/v1/users/{id}",
                "/v1/users/{id}/password",
                "/v1/users/{id}/state",
            ],
            paths.Keys.Select(path => path.TrimEnd('/')).Order(StringComparer.Ordinal)
        );
        var put = paths["/v1/groups/{id}"].GetProperty("put");
        Assert.Equal("putGroup", put.GetProperty("operationId").GetString());
        Assert.Contains("GroupModel", put.GetProperty("requestBody").ToString(), StringComparison.Ordinal);
        Assert.Contains("ProblemModel", put.GetProperty("responses").GetProperty("400").ToString(), StringComparison.Ordinal);
        var group = document.GetProperty("components").GetProperty("schemas").GetProperty("GroupModel").GetProperty("properties");
        Assert.Equal("number", group.GetProperty("hangTimerSeconds").GetProperty("type").GetString());
        Assert.Equal("integer", group.GetProperty("queueDepth").GetProperty("type").GetString());
    }
}
