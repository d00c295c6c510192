using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>Which servers may write to one PostgreSQL journal at the same time.</summary>
public sealed class PostgresOccupancyTests
{
    private readonly PostgresJournalOptions _options = new()
    {
        ConnectionString = PostgresServer.Shared.CreateDatabase() + ";Application Name=occupant",
        MayMigrate = true,
        OccupiedPatience = TimeSpan.FromMilliseconds(300),
    };

    [RequiresPostgresTheory]
    [InlineData(JournalWriters.One, JournalWriters.One, "the engine \"local\", which shares it with nobody")]
    [InlineData(JournalWriters.One, JournalWriters.Nodes, "the engine \"local\", which shares it with nobody")]
    [InlineData(JournalWriters.Nodes, JournalWriters.One, "as a node of a cluster")]
    public async Task A_server_that_must_not_write_beside_another_is_refused_with_what_to_do(JournalWriters first, JournalWriters second, string reason)
    {
        await using var holder = await OpenAsync(first);
        var refused = (await Assert.ThrowsAsync<JournalOpenException>(() => OpenAsync(second))).Message;

        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.Contains("\"occupant\"", refused, StringComparison.Ordinal);
        Assert.Contains("the engine \"postgresql\"", refused, StringComparison.Ordinal);

        await holder.DisposeAsync();
        await using var next = await OpenAsync(second);
        Assert.Equal(AppendOutcome.Written, (await next.AppendAsync(JournalConformance.Append("ue-a", 1, "x"))).Outcome);
    }

    [RequiresPostgresFact]
    public async Task Nodes_share_it_and_tools_do_not_ask()
    {
        await using var one = await OpenAsync(JournalWriters.Nodes);
        await using var two = await OpenAsync(JournalWriters.Nodes);
        await using var tool = await OpenAsync(JournalWriters.Any);

        Assert.Equal(AppendOutcome.Written, (await one.AppendAsync(JournalConformance.Append("ue-a", 1, "x"))).Outcome);
        Assert.Equal(AppendOutcome.Written, (await two.AppendAsync(JournalConformance.Append("ue-b", 1, "x"))).Outcome);
        Assert.Equal(AppendOutcome.Written, (await tool.AppendAsync(JournalConformance.Append("ue-c", 1, "x"))).Outcome);
    }

    [RequiresPostgresFact]
    public async Task A_server_that_finds_another_one_there_after_the_database_was_away_writes_nothing_and_says_why()
    {
        using var server = PostgresServer.Create();
        var clock = new FakeClock();
        var options = _options with { ConnectionString = server.CreateDatabase() };
        await using var first = await OpenAsync(JournalWriters.One, options, clock);
        Assert.Equal(AppendOutcome.Written, (await first.AppendAsync(JournalConformance.Append("ue-a", 1, "x"))).Outcome);
        server.Kill();
        Assert.Equal(AppendOutcome.Failed, (await first.AppendAsync(JournalConformance.Append("ue-a", 2, "x"))).Outcome);
        server.Start();
        await using var second = await OpenAsync(JournalWriters.One, options);
        clock.Advance(options.RetryMax);

        var failed = await first.AppendAsync(JournalConformance.Append("ue-a", 2, "x"));

        Assert.Equal(AppendOutcome.Failed, failed.Outcome);
        Assert.Contains("the engine \"local\"", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(failed.Detail, first.Failure);
    }

    private Task<IJournal> OpenAsync(JournalWriters writers) => OpenAsync(writers, _options);

    private static async Task<IJournal> OpenAsync(JournalWriters writers, PostgresJournalOptions options, TimeProvider? time = null)
    {
        var journal = new PostgresJournal(options with { Writers = writers }, NullLogger<PostgresJournal>.Instance, time ?? TimeProvider.System);
        try
        {
            await journal.OpenAsync(default);
            return journal;
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }
}
