using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <summary>
/// What users cost a node who are registered and do nothing: a timer each, until their registration ends. How long a node takes that finds them in the journal, and how
/// many bytes each is.
/// </summary>
internal static class RegisteredUsers
{
    private const int AtOnce = 10_000;

    public static async Task MeasureAsync(int users)
    {
        using var server = PostgresServer.Create();
        var connection = server.CreateDatabase();
        await FillAsync(connection, users);
        await using var journal = EngineNode.OpenJournal(connection, JournalWriters.Nodes);
        await using var engine = EngineNode.NewEngine(connection, "node", [ClusterRoles.Actors], journal, rehearsed: 64);
        var before = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        var start = Stopwatch.GetTimestamp();
        await engine.StartAsync(CancellationToken.None);
        while (engine.WaitingTimers < users)
        {
            await Task.Delay(5);
        }

        var took = Stopwatch.GetElapsedTime(start);
        var managed = GC.GetTotalMemory(forceFullCollection: true) - before.Item1;
        var resident = Environment.WorkingSet - before.WorkingSet;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{users:N0} registered users on one node: {took.TotalSeconds:F1} s from start to the last timer; {managed / (double)users:F0} bytes each (managed), {resident / (double)users:F0} of the resident set"));
    }

    private static async Task FillAsync(string connection, int users)
    {
        await using var journal = EngineNode.OpenJournal(connection, JournalWriters.Any);
        await journal.OpenAsync(CancellationToken.None);
        var late = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch + TimeSpan.FromHours(24)).Ticks / TimeSpan.TicksPerMicrosecond;
        for (var user = 0; user < users; user += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(user, Math.Min(AtOnce, users - user)).Select(number =>
                journal.AppendAsync(new JournalAppend($"ue-sip:user{number:D7}@example.org", [new JournalRow(1, [1], [])], DateTimeOffset.UnixEpoch, "fill", new LiveMark(1, late))).AsTask()));
        }
    }
}
