using System.Net;
using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Testing.Postgres;

namespace Mcptt.Host.Tests.Commands;

/// <summary>`mcptt serve` as one of several nodes over one database.</summary>
public sealed class ClusterServeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = ServingServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresPostgresFact]
    public async Task Nodes_over_one_database_serve_the_same_users_and_groups_and_one_that_stops_hands_its_actors_over()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await using var one = await NodeAsync("n1", database);
        var two = await NodeAsync("n2", database);
        for (var i = 0; i < 8; i++)
        {
            using var put = await PutGroupAsync(i % 2 == 0 ? one : two, i);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        }

        Assert.Contains(two.Lines, line => line.StartsWith("engine postgresql, 64 shards", StringComparison.Ordinal));
        await two.DisposeAsync();

        using var client = new HttpClient { BaseAddress = one.Api };
        for (var i = 0; i < 8; i++)
        {
            using var response = await client.GetAsync(new Uri($"/v1/groups/{Uri.EscapeDataString(GroupId(i))}", UriKind.Relative));
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"group {i}: {response.StatusCode} {one.Error}");
        }
    }

    [RequiresPostgresFact]
    public async Task A_node_that_lost_the_database_is_not_ready_and_says_why_and_is_a_member_again_by_itself()
    {
        using var postgres = PostgresServer.Create();
        await using var node = await NodeAsync("n1", postgres.CreateDatabase());
        using var client = new HttpClient { BaseAddress = node.Api };
        await UntilAsync(client, HttpStatusCode.OK);

        postgres.Stop();
        var reason = await UntilAsync(client, HttpStatusCode.ServiceUnavailable);
        Assert.Contains("node n1 is no member of the cluster: ", reason, StringComparison.Ordinal);
        using (var refused = await PutGroupAsync(node, 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        postgres.Start();
        Assert.Equal("", await UntilAsync(client, HttpStatusCode.OK));

        // The journal notices a session that broke while it was idle at its next write or probe.
        using var limit = new CancellationTokenSource(Patience);
        for (var written = false; !written;)
        {
            await Task.Delay(20, limit.Token);
            using var put = await PutGroupAsync(node, 1);
            written = put.IsSuccessStatusCode;
            Assert.True(written || put.StatusCode == HttpStatusCode.ServiceUnavailable, await put.Content.ReadAsStringAsync());
        }
    }

    [RequiresPostgresFact]
    public async Task A_node_that_counts_other_shards_than_the_database_is_refused()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await using var one = await NodeAsync("n1", database);

        var refused = await CommandLine.RunAsync(ServingServer.Arguments(_folder, [.. Flags("n2", database), "--set", "cluster.shards=32"]));

        Assert.Equal(ExitCodes.CannotStart, refused.Code);
        Assert.Contains("64 shards", refused.Error, StringComparison.Ordinal);
        Assert.Contains("cluster.shards", refused.Error, StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task Each_node_does_what_its_roles_say_and_opens_no_other_ports()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await using var actors = await NodeAsync("a1", database, "--roles", "actors");
        await using var media = await NodeAsync("m1", database, "--roles", "media");
        await using var edge = await NodeAsync("e1", database, "--roles", "edge", "--set", "media.firstPort=1");

        Assert.Equal([(false, false), (false, true), (true, false)], ((ServingServer[])[actors, media, edge]).Select(node => (Says(node, "sip "), Says(node, "media "))));
        using var put = await PutGroupAsync(edge, 1);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        Assert.Contains(GroupId(1), (await media.RunAsync("group list")).Out, StringComparison.Ordinal);
        Assert.StartsWith("a1: ready, roles actors, version", (await actors.RunAsync("health")).Out, StringComparison.Ordinal);

        static bool Says(ServingServer node, string start) => node.Lines.Any(line => line.StartsWith(start, StringComparison.Ordinal));
    }

    private Task<ServingServer> NodeAsync(string name, string database, params string[] more) => ServingServer.StartAsync(Path.Combine(_folder, name), ["--open", .. Flags(name, database), .. more]);

    private static string[] Flags(string name, string database) =>
        ["--engine", "postgresql", "--node", name, "--set", $"data.journal={database}", "--set", "data.migrate=true", "--set", "cluster.listener=127.0.0.1:0"];

    private static string GroupId(int number) => $"sip:group{number}@example.org";

    private static async Task<HttpResponseMessage> PutGroupAsync(ServingServer node, int number)
    {
        using var client = new HttpClient { BaseAddress = node.Api };
        using var document = new StringContent("""{ "displayName": "Group", "members": [] }""", System.Text.Encoding.UTF8, "application/json");
        return await client.PutAsync(new Uri($"/v1/groups/{Uri.EscapeDataString(GroupId(number))}", UriKind.Relative), document);
    }

    /// <summary>What the check of the engine says.</summary>
    private static async Task<string> UntilAsync(HttpClient client, HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var response = await client.GetAsync(new Uri("/v1/health/ready", UriKind.Relative), limit.Token);
            var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync(limit.Token)).RootElement;
            var engine = health.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "engine");
            var detail = engine.TryGetProperty("detail", out var text) ? text.GetString() ?? "" : "";
            if (response.StatusCode == status && detail.Length == 0 == (status == HttpStatusCode.OK))
            {
                return detail;
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
