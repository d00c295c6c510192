using System.Net;
using Mcptt.Host.Commands;
using Mcptt.Scenarios.Running;
using Mcptt.Testing.Postgres;

namespace Mcptt.Scenarios.Cluster;

/// <summary>A configuration that was copied from another node without its name being changed.</summary>
public sealed class NodeNameTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly string _database = PostgresServer.Shared.CreateDatabase();

    [RequiresPostgresFact]
    public async Task A_second_process_under_the_name_of_a_node_that_lives_ends_and_says_so_and_after_a_kill_the_name_is_free_at_once()
    {
        await using var first = await ServerProcess.StartAsync(_folder.File("first"), Settings);

        // Another port of each kind: only the name is the same.
        var (exit, output) = await ServerProcess.RunToEndAsync(_folder.File("second"), [], [.. Settings.SelectMany(setting => new[] { "--set", setting })]);

        Assert.True(exit == ExitCodes.CannotStart, $"exit code {exit}\n{output}");
        Assert.Contains("another node is running as west-1: the one at http://127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Contains("node.name is west-1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.AskAsync("/v1/health/ready")).Status);

        await first.KillAsync();
        await first.StartAsync();
        Assert.DoesNotContain("waits", first.Output, StringComparison.Ordinal);
        Assert.Equal(0, await first.TerminateAsync(Patience));
    }

    public void Dispose() => _folder.Dispose();

    private string[] Settings =>
    [
        "engine.kind=postgresql", "node.name=west-1", $"data.journal={_database}", "data.migrate=true", "cluster.listener=127.0.0.1:0", "cluster.leaseSeconds=1",
        "media.firstPort=0", "media.lastPort=0",
    ];
}
