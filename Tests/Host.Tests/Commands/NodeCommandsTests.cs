using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Testing.Postgres;

namespace Mcptt.Host.Tests.Commands;

public sealed class NodeCommandsTests : IDisposable
{
    private readonly string _folder = ServingServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_local_engine_is_one_node_with_one_shard_and_says_what_it_cannot()
    {
        await using var server = await ServingServer.StartAsync(_folder, "--open");

        var list = await server.RunAsync("node list");
        Assert.Equal(ExitCodes.Success, list.Code);
        Assert.StartsWith("node1", list.Out.Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("1 shards: 0", (await server.RunAsync("node show node1")).Out, StringComparison.Ordinal);
        Assert.StartsWith("0      node1  1", (await server.RunAsync("shard list")).Out.Split('\n')[1], StringComparison.Ordinal);
        await RefusedAsync(server, "node drain node1", "the local engine runs everything on this node: it cannot be drained");
        await RefusedAsync(server, "node drain n9", "there is no node \"n9\", only \"node1\"");
        await RefusedAsync(server, "node show n9", "there is no node \"n9\"");
        await RefusedAsync(server, "shard move 0 --to node1", "no shard can be moved");
        await RefusedAsync(server, "shard move 7 --to node1", "there is no shard 7, only shard 0");
        Assert.Equal(ExitCodes.Usage, (await server.RunAsync("shard move 0")).Code);
    }

    [RequiresPostgresFact]
    public async Task A_drained_node_hands_every_shard_over_and_takes_them_again_and_one_shard_goes_where_it_is_wanted()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await using var one = await NodeAsync("n1", database);
        await using var two = await NodeAsync("n2", database);
        await UntilAsync(async () => await ShardsAsync(one, "n2") == 32);
        var following = CommandLine.RunAsync(["events", "--kind", "node,shard", "--limit", "2", "--format", "ndjson", "--api", one.Api.ToString()]);

        // The one who follows has to be there first; it is not told of what was before.
        await UntilAsync(async () => (await MetricAsync(one, "mcptt_events_clients")) == "1");
        var drained = await one.RunAsync("node drain n2 --wait --timeout 60");
        var happened = (await following).Out;

        Assert.True(drained.Code == 0, drained.Error);
        Assert.Contains("n2 owns no shards", drained.Out, StringComparison.Ordinal);
        Assert.Contains("draining", (await one.RunAsync("node list")).Out, StringComparison.Ordinal);
        Assert.Equal(64, await ShardsAsync(one, "n1"));
        Assert.Contains("\"kind\":\"node-draining\"", happened, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"shard-moved\"", happened, StringComparison.Ordinal);
        await RefusedAsync(one, "shard move 5 --to n2", "node n2 drains");
        await RefusedAsync(one, "shard move 500 --to n1", "there is no shard 500; they are 0 to 63");
        await RefusedAsync(one, "shard move 5 --to n9", "there is no node \"n9\"; there are: n1, n2");

        Assert.Equal(ExitCodes.Success, (await two.RunAsync("node undrain n2")).Code);
        await UntilAsync(async () => await ShardsAsync(two, "n2") == 32);
        var mine = (await ModelsAsync(one)).First(shard => shard.Node == "n1").Id;
        Assert.Equal(ExitCodes.Success, (await one.RunAsync($"shard move {mine} --to n2")).Code);
        await UntilAsync(async () => (await ModelsAsync(one)).Single(shard => shard.Id == mine).Node == "n2");
        Assert.Equal(ExitCodes.Success, (await one.RunAsync($"shard move {mine} --anywhere")).Code);
        Assert.Contains("2 nodes", (await one.RunAsync("health")).Out, StringComparison.Ordinal);
        Assert.NotEqual("", await MetricAsync(one, "mcptt_cluster_takeover_duration_seconds_count"));
    }

    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 3, 1, 2, 7 }, "1-3, 7")]
    [InlineData(new[] { 0, 2, 4 }, "0, 2, 4")]
    public void Numbers_that_follow_one_another_are_written_as_a_range(int[] numbers, string expected) => Assert.Equal(expected, NodeCommands.Ranges(numbers));

    private static async Task RefusedAsync(ServingServer server, string line, string expected)
    {
        var ran = await server.RunAsync(line);
        Assert.Equal(ExitCodes.Failed, ran.Code);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
    }

    private static async Task<int> ShardsAsync(ServingServer server, string node) => (await ModelsAsync(server)).Count(shard => shard.Node == node);

    private static async Task<IReadOnlyList<(int Id, string? Node)>> ModelsAsync(ServingServer server)
    {
        using var document = JsonDocument.Parse((await server.RunAsync("shard list --json")).Out);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(shard => (shard.GetProperty("shard").GetInt32(), shard.TryGetProperty("node", out var node) ? node.GetString() : null))];
    }

    private static async Task<string> MetricAsync(ServingServer server, string name)
    {
        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri(server.Api, "/metrics"));
        return page.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))?.Split(' ')[1] ?? "";
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private Task<ServingServer> NodeAsync(string name, string database) =>
        ServingServer.StartAsync(Path.Combine(_folder, name), "--open", "--engine", "postgresql", "--node", name, "--set", $"data.journal={database}", "--set", "data.migrate=true", "--set", "cluster.listener=127.0.0.1:0");
}
