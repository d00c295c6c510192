using Mcptt.Testing.Postgres;
using System.Text;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>What every journal does, in memory or not.</summary>
public abstract class JournalConformance
{
    /// <summary>A journal over this test's own store; opened again, over the same one.</summary>
    protected abstract Task<IJournal> OpenAsync();

    [SuiteFact]
    public async Task An_empty_journal_has_nothing()
    {
        await using var journal = await OpenAsync();

        Assert.Equal(0, await journal.ReadLastOrderingAsync(default));
        Assert.Empty(await Texts(journal.ReadAllAsync(0, default)));
        Assert.Empty(await Texts(journal.ReadActorAsync("ue-a", 1, default)));
        Assert.Empty(await Texts(journal.ReadTagAsync("tag", 0, default)));
        Assert.Empty(await journal.ReadPersistenceIdsAsync("", "", default).ToListAsync());
        Assert.Empty(await journal.ReadLiveAsync("", "", default).ToListAsync());
        Assert.Equal(default, await journal.ReadStartAsync("ue-a", default));
        Assert.Equal("", journal.Failure);
    }

    [SuiteFact]
    public async Task Events_come_back_as_they_were_by_actor_by_tag_and_in_the_order_of_their_commits()
    {
        await using var journal = await OpenAsync();
        var created = new DateTimeOffset(2026, 11, 21, 14, 3, 7, TimeSpan.Zero).AddTicks(1234567);
        byte[] message = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

        Assert.Equal(AppendResult.Written, await journal.AppendAsync(Append("ue-a", 1, "one", "two")));
        Assert.Equal(AppendResult.Written, await journal.AppendAsync(new JournalAppend("ue-b", [new JournalRow(1, message, [])], created, "me", null)));

        var all = await journal.ReadAllAsync(0, default).ToListAsync();
        Assert.Equal(["ue-a", "ue-a", "ue-b"], all.Select(stored => stored.PersistenceId));
        Assert.Equal([1, 2, 1], all.Select(stored => stored.SequenceNumber));
        Assert.True(all[0].Ordering < all[1].Ordering && all[1].Ordering < all[2].Ordering);
        Assert.Equal((created, "me", "mcptt.event.1"), (all[2].Created, all[2].WriterUuid, all[2].Manifest));
        Assert.Equal(message, all[2].Message);
        Assert.Equal(all[2].Ordering, await journal.ReadLastOrderingAsync(default));
        Assert.Equal(["two"], await Texts(journal.ReadActorAsync("ue-a", 2, default)));
        Assert.Equal(["two"], await Texts(journal.ReadTagAsync("tag", all[0].Ordering, default)));
        Assert.Equal(all[1].Ordering, Assert.Single(await journal.ReadActorAsync("ue-a", 2, default).ToListAsync()).Ordering);
        Assert.Equal(2, (await journal.ReadAllAsync(all[0].Ordering, default).ToListAsync()).Count);
    }

    [SuiteFact]
    public async Task Each_tag_of_an_event_finds_it_and_no_other()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(new JournalAppend(
            "call-1",
            [new JournalRow(1, "one"u8.ToArray(), ["call:1", "user:sip:jürgen@example.org"]), new JournalRow(2, "two"u8.ToArray(), ["call:1"]), new JournalRow(3, "three"u8.ToArray(), [])],
            DateTimeOffset.UnixEpoch,
            "writer",
            null));

        Assert.Equal(["one", "two"], await Texts(journal.ReadTagAsync("call:1", 0, default)));
        Assert.Equal(["one"], await Texts(journal.ReadTagAsync("user:sip:jürgen@example.org", 0, default)));
        Assert.Empty(await Texts(journal.ReadTagAsync("call:", 0, default)));
    }

    [SuiteFact]
    public async Task An_append_whose_number_is_taken_writes_nothing_and_harms_no_other()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-a", 1, "one"));

        var results = await Task.WhenAll(
            journal.AppendAsync(Append("ue-b", 1, "good")).AsTask(),
            journal.AppendAsync(Append("ue-a", 1, "taken", "too") with { Live = new LiveMark(1, 7) }).AsTask(),
            journal.AppendAsync(Append("ue-c", 1, "good")).AsTask());

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Occupied, AppendOutcome.Written], results.Select(result => result.Outcome));
        Assert.Contains("ue-a", results[1].Detail, StringComparison.Ordinal);
        Assert.Equal(["one", "good", "good"], await Texts(journal.ReadAllAsync(0, default)));
        Assert.Equal(["one", "good", "good"], await Texts(journal.ReadTagAsync("tag", 0, default)));
        Assert.Null((await journal.ReadStartAsync("ue-a", default)).Live);
    }

    [SuiteFact]
    public async Task An_append_of_which_a_later_number_is_taken_leaves_none_of_its_rows()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-a", 2, "hole before it"));

        var results = await Task.WhenAll(
            journal.AppendAsync(Append("ue-b", 1, "good")).AsTask(),
            journal.AppendAsync(Append("ue-a", 1, "free", "taken")).AsTask());

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Occupied], results.Select(result => result.Outcome));
        Assert.Equal(["hole before it", "good"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [SuiteFact]
    public async Task Of_appends_with_the_same_numbers_at_once_one_is_written_whole()
    {
        await using var journal = await OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => journal.AppendAsync(Append("ue-a", 1, $"{i}", $"{i}")).AsTask()));

        var winner = Assert.Single(Enumerable.Range(0, 20), i => results[i].Outcome == AppendOutcome.Written);
        Assert.All(results.Where((_, i) => i != winner), result => Assert.Equal(AppendOutcome.Occupied, result.Outcome));
        Assert.Equal([$"{winner}", $"{winner}"], await Texts(journal.ReadAllAsync(0, default)));
    }

    [SuiteFact]
    public async Task Appends_and_notes_of_one_actor_are_applied_in_the_order_in_which_they_were_made()
    {
        await using var journal = await OpenAsync();

        var first = journal.AppendAsync(Append("ue-a", 1, "1", "2") with { Live = new LiveMark(0, 5) });
        Assert.True(journal.TryPost(new LiveNote("ue-a", null)));
        var second = journal.AppendAsync(Append("ue-a", 3, "3") with { Live = new LiveMark(2, 9) });
        Assert.True(journal.TryPost(new LiveNote("ue-a", new LiveMark(3, 8))));
        var third = journal.AppendAsync(Append("ue-a", 4, "4"));

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Written, AppendOutcome.Written], new[] { await first, await second, await third }.Select(result => result.Outcome));
        await journal.FlushAsync();
        Assert.Equal(["1", "2", "3", "4"], await Texts(journal.ReadAllAsync(0, default)));
        Assert.Equal(new LiveMark(3, 8), (await journal.ReadStartAsync("ue-a", default)).Live);
        journal.TryPost(new LiveNote("ue-a", null));
        await journal.FlushAsync();
        Assert.Null((await journal.ReadStartAsync("ue-a", default)).Live);
    }

    [SuiteFact]
    public async Task A_snapshot_takes_the_place_of_older_ones_of_its_actor_only()
    {
        await using var journal = await OpenAsync();
        journal.TryPost(new SnapshotNote("ue-a", 5, [5], DateTimeOffset.UnixEpoch));
        journal.TryPost(new SnapshotNote("ue-b", 3, [3], DateTimeOffset.UnixEpoch));
        await journal.FlushAsync();
        journal.TryPost(new SnapshotNote("ue-a", 9, [9], DateTimeOffset.UnixEpoch));
        journal.TryPost(new LiveNote("ue-a", new LiveMark(9, 77)));
        await journal.FlushAsync();

        var start = await journal.ReadStartAsync("ue-a", default);
        Assert.Equal((9L, 9), (start.Snapshot!.Value.SequenceNumber, start.Snapshot.Value.Snapshot[0]));
        Assert.Equal(new LiveMark(9, 77), start.Live);
        Assert.Equal(3, (await journal.ReadStartAsync("ue-b", default)).Snapshot!.Value.SequenceNumber);
    }

    [SuiteFact]
    public async Task Long_histories_and_many_actors_are_read_page_by_page()
    {
        const int actors = 1_203;
        await using var journal = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, actors).Select(i => journal.AppendAsync(Append($"ue-{i:D5}", 1, "x", "y") with { Live = new LiveMark(0, i) }).AsTask()));
        await journal.AppendAsync(Append("floor-long", 1, [.. Enumerable.Range(0, actors).Select(i => $"{i}")]));

        Assert.Equal(3 * actors, await journal.ReadAllAsync(0, default).Select(stored => stored.Ordering).Distinct().CountAsync());
        Assert.Equal(3 * actors, await journal.ReadTagAsync("tag", 0, default).CountAsync());
        Assert.Equal(Enumerable.Range(0, actors).Select(i => $"{i}"), await Texts(journal.ReadActorAsync("floor-long", 1, default)));
        Assert.Equal(Enumerable.Range(0, actors).Select(i => (long)i), await journal.ReadLiveAsync("", "", default).Select(live => live.Mark.DueUs).ToListAsync());
        Assert.Equal(1_000, await journal.ReadPersistenceIdsAsync("ue-", "ue-00202", default).CountAsync());
        Assert.Equal(["00203", "00204"], await new JournalActorCatalog(journal).ListAsync(Protocol.Messages.ActorKindName.Ue, Domain.Ports.ActorScope.Known, "00202", 2, default));
        Assert.Equal(["01202"], await new JournalActorCatalog(journal).ListAsync(Protocol.Messages.ActorKindName.Ue, Domain.Ports.ActorScope.Live, "01201", 2, default));
    }

    [SuiteFact]
    public async Task The_live_actors_of_each_shard_are_found_and_each_in_one_shard()
    {
        const int shards = 3;
        var ids = Enumerable.Range(0, 2_000).Select(i => i % 2 == 0 ? $"call-{i / 2}" : $"floor-{i / 2}").ToList();
        await using var journal = await OpenAsync();
        await Task.WhenAll(ids.Select((id, i) => journal.AppendAsync(Append(id, 1, "x") with { Live = new LiveMark(1, i) }).AsTask()));

        for (var shard = 0; shard < shards; shard++)
        {
            var expected = ids.Where(id => ShardKey.ShardOf(id[(id.IndexOf('-') + 1)..], shards) == shard).ToList();
            Assert.True(expected.Count > 500, "more than a page");
            Assert.Equal(expected.Order(), (await journal.ReadLiveAsync(ShardKey.RangeOf(shard, shards), default).ToListAsync()).Select(live => live.PersistenceId).Order());
        }
    }

    [SuiteFact]
    public async Task Lists_hold_what_has_the_prefix_byte_by_byte_whatever_the_language()
    {
        string[] ids = ["group-a", "ue-A", "ue-Z", "ue-a", "ue-b", "ue-ä", "uf-a"];
        await using var journal = await OpenAsync();
        foreach (var id in ids.Reverse())
        {
            await journal.AppendAsync(Append(id, 1, id) with { Live = new LiveMark(0, 1) });
        }

        Assert.Equal(["ue-A", "ue-Z", "ue-a", "ue-b", "ue-ä"], await journal.ReadPersistenceIdsAsync("ue-", "", default).ToListAsync());
        Assert.Equal(["ue-a", "ue-b", "ue-ä"], await journal.ReadPersistenceIdsAsync("ue-", "ue-Z", default).ToListAsync());
        Assert.Equal(["ue-b", "ue-ä"], await journal.ReadLiveAsync("ue-", "ue-a", default).Select(live => live.PersistenceId).ToListAsync());
        Assert.Equal(["ue-a"], await journal.ReadPersistenceIdsAsync("ue-a", "", default).ToListAsync());
        Assert.Empty(await journal.ReadPersistenceIdsAsync("ue-a", "ue-a", default).ToListAsync());
        Assert.Empty(await journal.ReadPersistenceIdsAsync("ue-", "uf", default).ToListAsync());
        Assert.Equal(ids, await journal.ReadPersistenceIdsAsync("", "", default).ToListAsync());
    }

    [SuiteFact]
    public async Task What_many_write_at_random_is_all_there_once_and_whole()
    {
        var seed = Seed.Take();
        await using var journal = await OpenAsync();

        var written = await Task.WhenAll(Enumerable.Range(0, 30).Select(actor => Task.Run(() => WriteAsync(journal, $"ue-{actor}", new Random(seed + actor)))));

        var all = await journal.ReadAllAsync(0, default).ToListAsync();
        Assert.Equal(all.Select(stored => stored.Ordering).Order().Distinct(), all.Select(stored => stored.Ordering));
        for (var actor = 0; actor < written.Length; actor++)
        {
            var own = all.Where(stored => stored.PersistenceId == $"ue-{actor}").ToList();
            Assert.True(written[actor].SequenceEqual(own.Select(Text)), $"seed {seed}: the history of ue-{actor}");
            Assert.Equal(Enumerable.Range(1, own.Count).Select(i => (long)i), own.Select(stored => stored.SequenceNumber));
            Assert.Equal(written[actor], await Texts(journal.ReadTagAsync($"user:ue-{actor}", 0, default)));
        }
    }

    [SuiteFact]
    public async Task A_reader_who_has_given_up_is_not_served()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-a", 1, "one", "two"));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await journal.ReadAllAsync(0, stop.Token).CountAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await journal.ReadActorAsync("ue-a", 1, stop.Token).CountAsync());
    }

    internal static JournalAppend Append(string persistenceId, long first, params string[] texts) =>
        new(persistenceId, [.. texts.Select((text, i) => new JournalRow(first + i, Encoding.UTF8.GetBytes(text), ["tag", "user:" + persistenceId]))], DateTimeOffset.UnixEpoch, "writer", null);

    protected static async Task<List<string>> Texts(IAsyncEnumerable<StoredEvent> events) => await events.Select(Text).ToListAsync();

    private static string Text(StoredEvent stored) => Encoding.UTF8.GetString(stored.Message);

    /// <summary>Appends of one actor, some of them again with numbers that are taken.</summary>
    private static async Task<List<string>> WriteAsync(IJournal journal, string persistenceId, Random random)
    {
        var written = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            string[] texts = [.. Enumerable.Range(0, random.Next(1, 5)).Select(part => $"{i}-{part}")];
            Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append(persistenceId, written.Count + 1, texts))).Outcome);
            written.AddRange(texts);
            if (random.Next(3) == 0)
            {
                Assert.Equal(AppendOutcome.Occupied, (await journal.AppendAsync(Append(persistenceId, random.Next(1, written.Count + 1), "again", "and again"))).Outcome);
            }
        }

        return written;
    }
}
