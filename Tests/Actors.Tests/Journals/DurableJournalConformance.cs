using Mcptt.Testing.Postgres;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>What every journal does that outlives its process.</summary>
public abstract class DurableJournalConformance : JournalConformance
{
    /// <summary>A journal that lets only so many appends wait and does not wait long for a database that is held.</summary>
    protected abstract Task<IJournal> OpenAsync(int queueLimit);

    /// <summary>Until it is disposed nobody else can write.</summary>
    protected abstract Task<IAsyncDisposable> HoldAsync();

    [SuiteFact]
    public async Task Opened_again_it_has_everything()
    {
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync(Append("ue-a", 1, "one", "two") with { Live = new LiveMark(1, 2) });
            journal.TryPost(new SnapshotNote("ue-a", 2, [2], DateTimeOffset.UnixEpoch));
        }

        await using var again = await OpenAsync();
        Assert.Equal(["one", "two"], await Texts(again.ReadActorAsync("ue-a", 1, default)));
        Assert.Equal(["one", "two"], await Texts(again.ReadTagAsync("user:ue-a", 0, default)));
        var start = await again.ReadStartAsync("ue-a", default);
        Assert.Equal((new LiveMark(1, 2), 2L), (start.Live, start.Snapshot?.SequenceNumber));
        Assert.Equal(AppendOutcome.Occupied, (await again.AppendAsync(Append("ue-a", 2, "again"))).Outcome);
        Assert.Equal(AppendOutcome.Written, (await again.AppendAsync(Append("ue-a", 3, "three"))).Outcome);
    }

    [SuiteFact]
    public async Task Opening_twice_does_nothing_more()
    {
        await using var journal = await OpenAsync();
        await journal.OpenAsync(default);

        Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1, "one"))).Outcome);
    }

    [SuiteFact]
    public async Task While_the_database_is_held_appends_fail_and_then_succeed_by_themselves()
    {
        await using var journal = await OpenAsync(queueLimit: 100);
        await using (await HoldAsync())
        {
            var failed = await journal.AppendAsync(Append("ue-a", 1, "one"));
            Assert.Equal(AppendOutcome.Failed, failed.Outcome);
            Assert.NotEqual("", failed.Detail);
            Assert.Equal(failed.Detail, journal.Failure);
        }

        await UntilWrittenAsync(journal, Append("ue-a", 1, "again"));
        Assert.Equal("", journal.Failure);
        Assert.Equal(["again"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [SuiteFact]
    public async Task A_full_queue_refuses_what_comes_beyond_its_bound_and_stores_the_others()
    {
        await using var journal = await OpenAsync(queueLimit: 2);
        var held = await HoldAsync();
        var appends = Enumerable.Range(0, 8).Select(i => Task.Run(() => journal.AppendAsync(Append($"ue-{i}", 1, "x")).AsTask())).ToList();

        // One or, as a batch, up to two are being written; two wait; the others are refused at once.
        await Ledger.Node.UntilAsync(() => appends.Count(append => append.IsCompleted) >= 4, "four that were refused");
        await held.DisposeAsync();

        var results = await Task.WhenAll(appends);
        Assert.Contains(results, result => result.Outcome == AppendOutcome.Overloaded);
        Assert.Equal(await journal.ReadAllAsync(0, default).CountAsync(), results.Count(result => result.Outcome == AppendOutcome.Written));
    }

    [SuiteFact]
    public async Task Of_two_that_write_for_the_same_actors_each_number_is_written_by_one()
    {
        const int actors = 40;
        const int numbers = 20;
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();

        var results = await Task.WhenAll(
            from actor in Enumerable.Range(0, actors)
            from journal in new[] { one, other }
            select Task.Run(() => RaceAsync(journal, $"ue-{actor}", numbers)));

        Assert.Equal(actors * numbers, results.Sum());
        Assert.Equal(actors * numbers, await one.ReadAllAsync(0, default).CountAsync());
        Assert.Equal(actors * numbers, await other.ReadTagAsync("tag", 0, default).CountAsync());
    }

    [SuiteFact]
    public async Task Appends_of_a_closed_journal_are_refused()
    {
        var journal = await OpenAsync();
        await journal.DisposeAsync();

        Assert.NotEqual(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1, "late"))).Outcome);
        Assert.False(journal.TryPost(new LiveNote("ue-a", null)));
    }

    protected static async Task UntilWrittenAsync(IJournal journal, JournalAppend append)
    {
        var start = TimeProvider.System.GetTimestamp();
        AppendResult result;
        while ((result = await journal.AppendAsync(append)).Outcome != AppendOutcome.Written)
        {
            Assert.True(result.Outcome == AppendOutcome.Failed && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"in vain: {result}");
            await Task.Delay(20);
        }
    }

    /// <summary>How many numbers of an actor it was the first to write; of a deadlock's victims and the like it tries again.</summary>
    private static async Task<int> RaceAsync(IJournal journal, string persistenceId, int numbers)
    {
        var won = 0;
        for (var number = 1; number <= numbers;)
        {
            var result = await journal.AppendAsync(Append(persistenceId, number, "x"));
            Assert.True(result.Outcome is AppendOutcome.Written or AppendOutcome.Occupied, result.ToString());
            won += result.Outcome == AppendOutcome.Written ? 1 : 0;
            number++;
        }

        return won;
    }
}
