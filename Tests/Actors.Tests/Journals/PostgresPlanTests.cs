using Mcptt.Actors.Journals.Postgres;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>
/// A page costs what a page has, however long the rest: it comes along an index in its order. The planner is asked as it is on a young table, without
/// statistics and for any parameters, which is where it once chose to fetch and sort the whole rest for every page.
/// </summary>
public sealed class PostgresPlanTests
{
    public static TheoryData<string, string, string> Pages { get; } = new()
    {
        { PostgresReader.ActorPage, "text, bigint", "'ue-a', 1" },
        { PostgresReader.AllPage, "bigint", "1" },
        { PostgresReader.TagPage, "text, bigint", "'user:a', 1" },
        { PostgresReader.LivePage, "text, text", "'a', 'b'" },
        { PostgresReader.KeyedLivePage, "bigint, text, bigint", "1, 'a', 2" },
        { PostgresReader.UnkeyedLivePage, "text", "'a'" },
    };

    [RequiresPostgresTheory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_read_along_an_index_and_not_sorted(string page, string types, string values)
    {
        var options = new PostgresJournalOptions { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var sources = new PostgresSources(options);
        await using var connection = await sources.Reading.OpenConnectionAsync();
        await ExecuteAsync(connection, "SET plan_cache_mode = force_generic_plan");
        await ExecuteAsync(connection, $"PREPARE page ({types}) AS {page}");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE page ({values})", connection);
        await using var lines = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await lines.ReadAsync())
        {
            plan.Add(lines.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains("Index", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal) || line.Contains("Seq Scan", StringComparison.Ordinal) || line.Contains("Bitmap", StringComparison.Ordinal));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
