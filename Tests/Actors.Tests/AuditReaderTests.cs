using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Calls;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Groups;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests;

public sealed class AuditReaderTests : IDisposable
{
    private const string Alice = "sip:alice@example.org";
    private const string Bob = "sip:bob@example.org";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_asked_of_a_user_comes_with_the_calls_of_that_user_and_nobody_elses_part_in_them()
    {
        await using var journal = await WithCallAsync();

        var entries = await ReadAsync(journal, new AuditQuery { User = Bob });

        Assert.All(entries, entry => Assert.Contains(Bob, entry.Description.User + entry.OnBehalfOf + entry.Description.Sentence, StringComparison.Ordinal));
        var kinds = entries.Select(entry => entry.Description.Kind).ToHashSet();
        Assert.Superset(new HashSet<string> { "user-provisioned", "registered", "group-affiliated", "call-member-joined", "floor-participant-added", "floor-request-queued", "floor-granted" }, kinds);
        Assert.Equal(entries.OrderBy(entry => entry.Ordering), entries);
    }

    [Fact]
    public async Task What_is_asked_of_a_group_comes_with_all_of_its_calls()
    {
        await using var journal = await WithCallAsync();
        var calls = await journal.ReadTagAsync(EventTags.Call(Brigade.CallId), 0, default).Select(stored => stored.Ordering).ToListAsync();

        var entries = await ReadAsync(journal, new AuditQuery { Group = Brigade.GroupId });

        Assert.Subset(entries.Select(entry => entry.Ordering).ToHashSet(), calls.ToHashSet());
        Assert.All(entries.Where(entry => entry.PersistenceId.StartsWith("floor-", StringComparison.Ordinal)), entry => Assert.Equal(Brigade.GroupId, entry.Description.Group));
    }

    [Fact]
    public async Task However_a_query_is_answered_it_finds_what_looking_at_every_event_finds()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        await using var journal = await WithCallAsync();
        var all = await ReadAsync(journal, new AuditQuery());
        Assert.Equal(await journal.ReadLastOrderingAsync(default), all.Count);
        for (var i = 0; i < 200; i++)
        {
            var query = Random(random, all);
            var log = new AuditLog(journal, query);
            var expected = new List<long>();
            await foreach (var stored in journal.ReadAllAsync(0, default))
            {
                if (stored.Ordering > query.AfterOrdering && await log.MatchAsync(stored, default) is { } entry)
                {
                    expected.Add(entry.Ordering);
                }
            }

            Assert.True(expected.SequenceEqual((await ReadAsync(journal, query)).Select(entry => entry.Ordering)), $"seed {seed}, query {i}: {query}");
        }
    }

    [Fact]
    public async Task What_a_call_still_does_after_its_group_has_let_go_of_it_is_found_from_there_on_too()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Call(1, 1));
        await journal.AppendAsync(Call(2, 1));
        var cleared = new EventEnvelope { Event = new DomainEvent { TimeUs = 1_700_000_000_000_002, Group = new GroupEvent { CallCleared = new GroupCallCleared { Call = $"{1:x24}" } } }, CommandId = "over", CorrelationId = "x" };
        var group = ActorAddresses.Group(Brigade.GroupId);
        var row = new JournalRow(1, Google.Protobuf.MessageExtensions.ToByteArray(cleared), EventTags.Of(group, cleared));
        await journal.AppendAsync(new JournalAppend(group.PersistenceId(), [row], DateTimeOffset.UnixEpoch, "writer", null));
        var last = await journal.ReadLastOrderingAsync(default);
        await journal.AppendAsync(Call(1, 2, from: 2));

        var entries = await ReadAsync(journal, new AuditQuery { Group = Brigade.GroupId, AfterOrdering = last });

        Assert.Equal($"call-{1:x24}", Assert.Single(entries).PersistenceId);
    }

    [Fact]
    public async Task Following_tells_what_was_and_then_what_comes()
    {
        await using var journal = await OpenAsync();
        await using var brigade = await Brigade.StartAsync(journal);
        await brigade.RegisterAllAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var query = new AuditQuery { Kinds = new HashSet<string> { "registered", "call-started", "floor-granted" } };
        await using var followed = Reader(journal).FollowAsync(query, stop.Token).GetAsyncEnumerator(stop.Token);
        for (var i = 0; i < Brigade.Users.Length; i++)
        {
            Assert.True(await followed.MoveNextAsync());
            Assert.Equal("registered", followed.Current.Description.Kind);
        }

        await brigade.CallAsync();
        await brigade.RequestFloorAsync("r1", 1);

        Assert.True(await followed.MoveNextAsync());
        Assert.Equal("call-started", followed.Current.Description.Kind);
        Assert.True(await followed.MoveNextAsync());
        Assert.Equal(("floor-granted", Alice), (followed.Current.Description.Kind, followed.Current.Description.User));
    }

    [Fact]
    public async Task A_replay_to_where_a_snapshot_was_made_equals_what_the_running_actor_saved()
    {
        await using var journal = await WithCallAsync();
        var compared = 0;
        await foreach (var id in journal.ReadPersistenceIdsAsync("", "", default))
        {
            if ((await journal.ReadStartAsync(id, default)).Snapshot is { } snapshot)
            {
                var replayed = await Reader(journal).ReplayAsync(id, new ReplayPoint(SequenceNumber: snapshot.SequenceNumber), default);
                var saved = SnapshotContent.Parser.ParseFrom(SnapshotEnvelope.Parser.ParseFrom(snapshot.Snapshot).Content);
                Assert.Equal(saved.State, replayed?.State);
                compared++;
            }
        }

        Assert.True(compared >= Brigade.Users.Length, $"only {compared} actors had a snapshot");
    }

    [Fact]
    public async Task Steps_lead_through_every_state_that_a_replay_shows_and_each_differs_as_the_diff_says()
    {
        await using var journal = await WithCallAsync();
        var id = "floor-" + Brigade.CallId;
        var before = (await Reader(journal).ReplayAsync(id, new ReplayPoint(SequenceNumber: 0), default))?.State ?? new DomainSnapshot();
        await foreach (var step in Reader(journal).StepsAsync(id, default))
        {
            var replayed = await Reader(journal).ReplayAsync(id, new ReplayPoint(SequenceNumber: step.SequenceNumber), default);

            Assert.Equal(step.State, replayed?.State);
            Assert.Equal(step.Last, replayed?.Last);
            Assert.Empty(StateDiff.Between(step.State, replayed?.State ?? new DomainSnapshot()));
            Assert.Equal(before.Equals(step.State), StateDiff.Between(before, step.State).Count == 0);
            before = step.State;
        }
    }

    [Fact]
    public async Task A_moment_is_replayed_up_to_the_last_event_that_was_not_later()
    {
        await using var journal = await WithCallAsync();
        var id = "floor-" + Brigade.CallId;
        var granted = (await ReadAsync(journal, new AuditQuery { Actor = id, Kinds = new HashSet<string> { "floor-granted" } }))[0];

        var then = await Reader(journal).ReplayAsync(id, new ReplayPoint(At: granted.Time), default);
        var earlier = await Reader(journal).ReplayAsync(id, new ReplayPoint(At: granted.Time.AddTicks(-10)), default);

        Assert.NotNull(then);
        Assert.NotNull(earlier);
        Assert.True(then.SequenceNumber >= granted.SequenceNumber);
        Assert.True(earlier.SequenceNumber < granted.SequenceNumber);
        Assert.Equal(FloorPhase.Taken, then.State.Floor.Phase);
        Assert.Contains(StateDiff.Between(earlier.State, then.State), change => change.Path == "phase" && change.After == "taken");
    }

    [Fact]
    public async Task Actors_are_found_by_what_people_write()
    {
        await using var journal = await WithCallAsync();

        Assert.Equal(["call-" + Brigade.CallId, "floor-" + Brigade.CallId], await Reader(journal).FindActorsAsync(Brigade.CallId, default));
        Assert.Equal(["ue-" + Alice], await Reader(journal).FindActorsAsync(Alice, default));
        Assert.Equal(["group-" + Brigade.GroupId], await Reader(journal).FindActorsAsync(Brigade.GroupId, default));
        Assert.Equal(["floor-" + Brigade.CallId], await Reader(journal).FindActorsAsync("floor-" + Brigade.CallId, default));
        Assert.Empty(await Reader(journal).FindActorsAsync("sip:nobody@example.org", default));
    }

    [Fact]
    public async Task A_history_with_a_hole_or_a_damaged_event_is_said_to_be_one()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(new JournalAppend("call-holed", [new JournalRow(2, [], [])], DateTimeOffset.UnixEpoch, "w", null));
        await journal.AppendAsync(new JournalAppend("call-damaged", [new JournalRow(1, [0xFF], [])], DateTimeOffset.UnixEpoch, "w", null));
        var reader = Reader(journal);

        var holed = await Assert.ThrowsAsync<AuditUnavailableException>(() => reader.ReplayAsync("call-holed", default, default).AsTask());
        var damaged = await Assert.ThrowsAsync<AuditUnavailableException>(() => reader.StepsAsync("call-damaged", default).ToListAsync().AsTask());
        await Assert.ThrowsAsync<AuditUnavailableException>(() => reader.ReplayAsync("seal-1", default, default).AsTask());

        Assert.Contains("event 1 is missing", holed.Message, StringComparison.Ordinal);
        Assert.Contains("event 1 cannot be read", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(["unreadable", "unreadable"], (await ReadAsync(journal, new AuditQuery())).Select(entry => entry.Description.Kind));
    }

    /// <summary>What is alive while entries go by must not grow with their number: a table in memory would take 100 MB and more.</summary>
    [Fact]
    public async Task Two_hundred_thousand_events_are_read_in_the_memory_of_a_few_pages()
    {
        const int calls = 1_000;
        const int eventsPerCall = 200;
        const long bound = 24L * 1024 * 1024;
        await using var journal = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(i => journal.AppendAsync(Call(i, eventsPerCall)).AsTask()));
        await using var entries = Reader(journal).ReadAsync(new AuditQuery(), default).GetAsyncEnumerator();
        Assert.True(await entries.MoveNextAsync());
        var start = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        var count = 1;
        for (; await entries.MoveNextAsync(); count++)
        {
            if (count % 20_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - start);
            }
        }

        Assert.Equal(calls * eventsPerCall, count);
        Assert.True(most < bound, $"{most / 1024} KiB more were alive than at the beginning");
    }

    private static AuditReader Reader(IJournalReader journal) =>
        new(journal, new ActorKinds().Add(new UeKind()).Add(new GroupKind()).Add(new CallKind()).Add(new FloorKind()), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<List<AuditEntry>> ReadAsync(IJournalReader journal, AuditQuery query) => await Reader(journal).ReadAsync(query, default).ToListAsync();

    private static AuditQuery Random(Random random, List<AuditEntry> all)
    {
        var entry = all[random.Next(all.Count)];
        DateTimeOffset? from = random.Next(3) == 0 ? entry.Time : null;
        return new AuditQuery
        {
            From = from,
            To = random.Next(3) == 0 ? (from ?? all[0].Time).AddMilliseconds(random.Next(1, 500)) : null,
            User = random.Next(3) == 0 ? Brigade.Users[random.Next(Brigade.Users.Length)] : "",
            Group = random.Next(4) == 0 ? Brigade.GroupId : "",
            Call = random.Next(4) == 0 ? Brigade.CallId : "",
            Actor = random.Next(5) == 0 ? entry.PersistenceId : "",
            AfterOrdering = random.Next(3) == 0 ? random.Next(all.Count) : 0,
            Kinds = random.Next(3) == 0 ? Enumerable.Range(0, 5).Select(_ => all[random.Next(all.Count)].Description.Kind).ToHashSet() : new HashSet<string>(),
        };
    }

    private static JournalAppend Call(int number, int events, int from = 1)
    {
        var actor = ActorAddresses.Call($"{number:x24}");
        var rows = new List<JournalRow>(events);
        for (var i = from; i <= events; i++)
        {
            var happened = i == 1
                ? new CallEvent
                {
                    Initiated = new CallInitiated
                    {
                        Rules = new CallRules { GroupId = Brigade.GroupId },
                        Invite = new IncomingInvite { McpttId = Alice },
                        Originator = new CallMember { Client = new ClientContact { McpttId = Alice } },
                    },
                }
                : new CallEvent { DialogConfirmed = new DialogConfirmed { Leg = 1 } };
            var envelope = new EventEnvelope { Event = new DomainEvent { TimeUs = 1_700_000_000_000_000 + i, Call = happened }, CommandId = $"c{i}", CorrelationId = $"x{i}" };
            rows.Add(new JournalRow(i, Google.Protobuf.MessageExtensions.ToByteArray(envelope), EventTags.Of(actor, envelope)));
        }

        return new JournalAppend(actor.PersistenceId(), rows, DateTimeOffset.UnixEpoch, "writer", null);
    }

    /// <summary>Everybody registers and affiliates; a call with two bursts and a queue, which is released; then a second life of the server.</summary>
    private async Task<SqliteJournal> WithCallAsync()
    {
        var journal = await OpenAsync();
        await using (var brigade = await Brigade.StartAsync(journal))
        {
            await brigade.RegisterAllAsync();
            await brigade.CallAsync();
            await brigade.RequestFloorAsync("r1", 1);
            await brigade.RequestFloorAsync("r2", 2);
            await brigade.RequestFloorAsync("r3", 3);
            await brigade.ReleaseFloorAsync("r4", 1);
            await brigade.ReleaseFloorAsync("r5", 2);
            await brigade.SendAsync("end", ActorAddresses.Call(Brigade.CallId), c => c.Call = new CallCommand { Release = new ReleaseCall { Reason = "the test is over" } });
            await Brigade.UntilAsync(async () => (await brigade.GroupAsync()).Call.Length == 0, "the end of the call");
            await brigade.Engine.StopAsync(CancellationToken.None);
        }

        await journal.FlushAsync();
        return journal;
    }

    private Task<SqliteJournal> OpenAsync() => SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = _folder.File("journal.db") });
}
