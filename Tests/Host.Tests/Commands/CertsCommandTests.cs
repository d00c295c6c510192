using System.Text.Json;
using Mcptt.Host.Commands;
using Mcptt.Testing.Postgres;

namespace Mcptt.Host.Tests.Commands;

public sealed class CertsCommandTests : IDisposable
{
    private readonly string _folder = ServingServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_authority_and_a_nodes_certificate_are_made_shown_and_their_keys_are_for_their_owner_alone()
    {
        await IssueAsync("n1");

        foreach (var key in (string[])["ca/ca.key", "n1/n1.key"])
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(In(key)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), key);
        }

        var shown = await CommandLine.RunAsync(["certs", "show", In("n1/n1.crt"), In("ca/ca.crt"), "--json"]);
        Assert.Equal(ExitCodes.Success, shown.Code);
        var node = JsonDocument.Parse(shown.Out).RootElement[0];
        Assert.Equal(("CN=n1", "CN=mcptt cluster"), (node.GetProperty("of").GetString(), node.GetProperty("by").GetString()));
        Assert.Equal(["node1.example.org", "127.0.0.1"], node.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()));
        Assert.Contains("days left", (await CommandLine.RunAsync(["certs", "show", In("n1/n1.crt")])).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_ever_overwritten()
    {
        await IssueAsync("n1");
        var (authority, node) = (await File.ReadAllTextAsync(In("ca/ca.key")), await File.ReadAllTextAsync(In("n1/n1.key")));

        var init = await CommandLine.RunAsync(["certs", "init", "-o", In("ca")]);
        var issue = await CommandLine.RunAsync(["certs", "issue", "n1", "--host", "127.0.0.1", "--ca", In("ca"), "-o", In("n1")]);

        Assert.Equal((ExitCodes.Usage, ExitCodes.Usage), (init.Code, issue.Code));
        Assert.Contains("is not overwritten", init.Error + issue.Error, StringComparison.Ordinal);
        Assert.Equal((authority, node), (await File.ReadAllTextAsync(In("ca/ca.key")), await File.ReadAllTextAsync(In("n1/n1.key"))));
    }

    [Theory]
    [InlineData("n 1", "127.0.0.1", "10", "is no name of a node")]
    [InlineData("n1", "a b", "10", "is neither a host name nor an address")]
    [InlineData("n1", "127.0.0.1", "0", "are not possible")]
    public async Task What_cannot_be_issued_is_said(string node, string host, string days, string problem)
    {
        await CommandLine.RunAsync(["certs", "init", "-o", In("ca")]);

        var ran = await CommandLine.RunAsync(["certs", "issue", node, "--host", host, "--days", days, "--ca", In("ca"), "-o", In("out")]);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains(problem, ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("out")));
    }

    [Fact]
    public async Task What_is_no_certificate_and_a_folder_without_an_authority_are_named()
    {
        await File.WriteAllTextAsync(In("not.crt"), "nothing");

        Assert.Contains("is no certificate", (await CommandLine.RunAsync(["certs", "show", In("not.crt")])).Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await CommandLine.RunAsync(["certs", "show", In("none.crt")])).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, (await CommandLine.RunAsync(["certs", "issue", "n1", "--host", "n1", "--ca", _folder, "-o", In("out")])).Code);
    }

    [RequiresPostgresFact]
    public async Task Nodes_with_certificates_of_one_authority_are_a_cluster_and_a_foreign_pair_does_not_start()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await IssueAsync("n1");
        await IssueAsync("n2");
        await using (var one = await ServingServer.StartAsync(In("data1"), Flags("n1", database, "ca")))
        await using (await ServingServer.StartAsync(In("data2"), Flags("n2", database, "ca")))
        {
            for (var group = 0; group < 8; group++)
            {
                var put = await one.RunAsync("group put -", $$"""{ "groupId": "sip:group{{group}}@example.org" }""");
                Assert.True(put.Code == ExitCodes.Success, put.Error);
            }
        }

        await CommandLine.RunAsync(["certs", "init", "-o", In("other")]);
        var refused = await CommandLine.RunAsync(ServingServer.Arguments(In("data3"), Flags("n1", database, "other")));
        Assert.Equal(ExitCodes.CannotStart, refused.Code);
        Assert.Contains("no other node would accept this one", refused.Error, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private async Task IssueAsync(string node)
    {
        if (!File.Exists(In("ca/ca.crt")))
        {
            Assert.Equal(ExitCodes.Success, (await CommandLine.RunAsync(["certs", "init", "-o", In("ca")])).Code);
        }

        var issued = await CommandLine.RunAsync(["certs", "issue", node, "--host", "node1.example.org", "--host", "127.0.0.1", "--ca", In("ca"), "-o", In(node)]);
        Assert.True(issued.Code == ExitCodes.Success, issued.Error);
    }

    private string[] Flags(string node, string database, string authority) =>
        [
            "--open",
            "--engine",
            "postgresql",
            "--node",
            node,
            .. ((string[])[
                $"data.journal={database}",
                "data.migrate=true",
                "cluster.listener=127.0.0.1:0",
                $"cluster.certificate={In($"{node}/{node}.crt")}",
                $"cluster.certificateKey={In($"{node}/{node}.key")}",
                $"cluster.authority={In($"{authority}/ca.crt")}",
            ]).SelectMany(setting => new[] { "--set", setting }),
        ];
}
