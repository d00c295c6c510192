using System.Text;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Tests;

public sealed class FollowerTests
{
    private const int Writers = 24;
    private const int AppendsOfEach = 40;

    private static readonly string[] Users = ["sip:a@example.org", "sip:b@example.org", "sip:c@example.org"];

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task Under_many_writers_nothing_is_skipped_nothing_comes_twice_and_the_order_is_the_journal_s(TestedJournal on)
    {
        var seed = Seed.Take();
        await using var store = await JournalStore.CreateAsync(on);
        await using var near = await store.OpenAsync();
        await using var far = await store.OpenAsync();
        await using var all = Following.Start(Following.Follower(near));
        await using var allFromElsewhere = Following.Start(Following.Follower(far, Quick));
        await using var user = Following.Start(Following.Follower(near), EventTags.User(Users[0]));

        var written = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer % 2 == 0 ? near : far, writer, new Random(seed + writer))));

        var expected = await near.ReadAllAsync(0, default).ToListAsync();
        var expectedOfUser = await near.ReadTagAsync(EventTags.User(Users[0]), 0, default).ToListAsync();
        Assert.Equal(written.Sum(), expected.DistinctBy(stored => (stored.PersistenceId, stored.SequenceNumber)).Count());
        Assert.NotEmpty(expectedOfUser);
        await all.UntilAsync(expected.Count, $"near, seed {seed}");
        await allFromElsewhere.UntilAsync(expected.Count, $"far, seed {seed}");
        await user.UntilAsync(expectedOfUser.Count, $"of a user, seed {seed}");
        AssertSame(expected, all.Taken, seed);
        AssertSame(expected, allFromElsewhere.Taken, seed);
        AssertSame(expectedOfUser, user.Taken, seed);
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task It_goes_on_from_every_offset(TestedJournal on)
    {
        var random = new Random(Seed.Take());
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        for (var i = 0; i < 30; i++)
        {
            await AppendAsync(journal, $"ue-{i % 4}", 1 + (i / 4 * 3), random.Next(1, 4), Users[i % Users.Length]);
        }

        foreach (var tag in new[] { null, EventTags.User(Users[1]) })
        {
            var all = await (tag is null ? journal.ReadAllAsync(0, default) : journal.ReadTagAsync(tag, 0, default)).ToListAsync();
            for (var taken = 0; taken < all.Count; taken++)
            {
                await using var following = Following.Start(Following.Follower(journal), tag, taken == 0 ? 0 : all[taken - 1].Ordering);
                await following.UntilAsync(all.Count - taken, $"from {taken}");
                Assert.Equal(all.Skip(taken).Select(stored => stored.Ordering), following.Taken.Select(stored => stored.Ordering));
            }
        }
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_commit_of_this_process_wakes_it_at_once(TestedJournal on)
    {
        // A clock that stands still: no poll ever comes.
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        await using var following = Following.Start(Following.Follower(journal, time: new FakeClock()));
        for (var i = 1; i <= 20; i++)
        {
            await AppendAsync(journal, "ue-a", i, 1);
            await following.UntilAsync(i, "woken");
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_another_process_commits_is_found_by_looking(TestedJournal on)
    {
        var clock = new FakeClock();
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        await using var other = await store.OpenAsync();
        await using var following = Following.Start(Following.Follower(journal, time: clock));
        for (var i = 1; i <= 3; i++)
        {
            await AppendAsync(other, "ue-a", i, 1);
            await Node.UntilAsync(
                () =>
                {
                    clock.Advance(new JournalFollowerOptions().PollInterval);
                    return following.Taken.Count == i;
                },
                "the poll");
        }
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_tried_again_ever_more_rarely_and_nothing_is_lost()
    {
        var clock = new FakeClock();
        var journal = new FaultyJournal(new InMemoryJournal());
        var log = new RecordingLog();
        var options = new JournalFollowerOptions();
        await AppendAsync(journal, "ue-a", 1, 2);
        var follower = new JournalFollower(journal, options, clock, new Logger<JournalFollower>(log));
        await using var following = Following.Start(follower);
        await following.UntilAsync(2, "before");

        journal.ReadsFail = true;
        await AppendAsync(journal, "ue-a", 3, 2);
        await Node.UntilAsync(() => journal.FailedReads == 1, "the first failure");
        for (var failures = 1; failures < 5; failures++)
        {
            // The clock may have been turned once more before the test saw the last failure.
            var step = options.RetryFirst / 4;
            var moved = await AdvanceUntilAsync(clock, () => journal.FailedReads > failures, step);
            Assert.True(moved >= (options.RetryFirst * (1 << (failures - 1))) - step, $"try {failures + 1} came after {moved}");
        }

        journal.ReadsFail = false;
        await AdvanceUntilAsync(clock, () => following.Taken.Count == 4, options.RetryMax);
        Assert.Equal([1, 2, 3, 4], following.Taken.Select(stored => stored.Ordering));
        Assert.Single(log.Warnings);
    }

    [Fact]
    public async Task Nothing_is_read_before_it_is_asked_for()
    {
        var journal = new InMemoryJournal();
        for (var i = 0; i < 100; i++)
        {
            await AppendAsync(journal, $"ue-{i}", 1, 1);
        }

        var counting = new FaultyJournal(journal);
        await using var events = Following.Follower(counting).FollowAllAsync(0, default).GetAsyncEnumerator();
        for (var i = 1; i <= 50; i++)
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(i, counting.EventsRead);
        }
    }

    [Fact]
    public async Task Commits_that_bring_it_nothing_do_not_make_it_read_without_pause()
    {
        var clock = new FakeClock();
        var journal = new FaultyJournal(new InMemoryJournal());
        await using var following = Following.Start(Following.Follower(journal, time: clock), EventTags.User(Users[0]));
        for (var i = 1; i <= 200; i++)
        {
            await AppendAsync(journal, "ue-a", i, 1, Users[1]);
            await Task.Yield();
        }

        // The first look and two that were woken in vain, perhaps one that was under way; more only when the clock moves.
        Assert.InRange(journal.Reads, 1, 4);
        await AppendAsync(journal, "ue-a", 201, 1, Users[0]);
        await Node.UntilAsync(
            () =>
            {
                clock.Advance(new JournalFollowerOptions().VainInterval);
                return following.Taken.Count == 1;
            },
            "the one that is wanted");
    }

    /// <summary>How far the clock was turned. Whoever waits may begin to do so a moment later than the test; so it is at least what it waited for.</summary>
    private static async Task<TimeSpan> AdvanceUntilAsync(FakeClock clock, Func<bool> condition, TimeSpan step)
    {
        var start = clock.GetUtcNow();
        await Node.UntilAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                clock.Advance(step);
                return false;
            },
            "what follows when time passes");
        return clock.GetUtcNow() - start;
    }

    private static JournalFollowerOptions Quick { get; } = new() { PollInterval = TimeSpan.FromMilliseconds(5) };

    private static async Task<long> WriteAsync(IJournal journal, int writer, Random random)
    {
        var next = 1L;
        for (var i = 0; i < AppendsOfEach; i++)
        {
            var rows = random.Next(1, 4);
            await AppendAsync(journal, $"ue-{writer:D3}", next, rows, Users[random.Next(Users.Length)]);
            next += rows;
            if (random.Next(3) == 0)
            {
                await Task.Delay(random.Next(1, 6));
            }
        }

        return next - 1;
    }

    private static async Task AppendAsync(IJournal journal, string persistenceId, long first, int rows, string? user = null)
    {
        IReadOnlyList<string> tags = user is null ? [] : [EventTags.User(user)];
        var append = new JournalAppend(
            persistenceId,
            [.. Enumerable.Range(0, rows).Select(i => new JournalRow(first + i, Encoding.UTF8.GetBytes($"{persistenceId}/{first + i}"), tags))],
            DateTimeOffset.UnixEpoch,
            "writer",
            null);
        AppendResult result;
        do
        {
            // Two processes on one SQLite file wait for each other's lock; that may fail and is tried again.
            result = await journal.AppendAsync(append);
        }
        while (result.Outcome == AppendOutcome.Failed);

        Assert.Equal(AppendOutcome.Written, result.Outcome);
    }

    private static void AssertSame(List<StoredEvent> expected, IReadOnlyList<StoredEvent> taken, int seed)
    {
        Assert.True(
            expected.Select(stored => (stored.Ordering, stored.PersistenceId, stored.SequenceNumber))
                .SequenceEqual(taken.Select(stored => (stored.Ordering, stored.PersistenceId, stored.SequenceNumber))),
            $"seed {seed}: {taken.Count} events were taken, not the {expected.Count} of the journal in their order");
    }
}
