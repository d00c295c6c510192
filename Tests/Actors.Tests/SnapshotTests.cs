using Google.Protobuf;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

/// <summary>A snapshot is a shortcut: a good one is used, a bad one is said aloud, counted and passed over, and nobody sees a difference.</summary>
public sealed class SnapshotTests
{
    private const string AliceId = "ue-sip:alice@example.org";
    private const string BobId = "ue-sip:bob@example.org";

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task Snapshot_and_tail_are_the_same_as_the_whole_history(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var options = new EngineOptions { SnapshotEvery = 5 };
        await using (var node = await Node.StartAsync(journal, options: options))
        {
            for (var i = 0; i < 23; i++)
            {
                await node.SayAsync($"{i}", $"word{i}");
            }
        }

        await journal.FlushAsync();
        Assert.Equal(20, (await journal.ReadStartAsync(AliceId, default)).Snapshot?.SequenceNumber);
        await using var next = await Node.StartAsync(journal, options: options);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => $"word{i}"), await next.WordsAsync());
        Assert.Equal(0, next.Engine.Metrics.BadSnapshots);
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_good_snapshot_spares_reading_the_events_before_it(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);

        // A state that only the snapshot has, under a SHA-256 that fits it.
        await PutAsync(journal, snapshot.SequenceNumber, Change(snapshot, content => content.State.Ue.ImplicitGroupIds.Add("only in the snapshot")));

        await using var next = await Node.StartAsync(journal);
        Assert.Equal(["one", "two", "only in the snapshot"], await next.WordsAsync());
        Assert.Equal(0, next.Engine.Metrics.BadSnapshots);
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task Corrupt_bytes_anywhere_in_a_snapshot_are_found(TestedJournal on)
    {
        var random = new Random(Seed.Take());
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        for (var i = 0; i < snapshot.Snapshot.Length; i++)
        {
            byte[] damaged = [.. snapshot.Snapshot];
            damaged[i] ^= (byte)random.Next(1, 256);
            await AssertPassedOverAsync(journal, snapshot.SequenceNumber, damaged, $"byte {i} is {damaged[i]}, not {snapshot.Snapshot[i]}");
        }
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_truncated_anywhere_is_found(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        for (var length = 0; length < snapshot.Snapshot.Length; length++)
        {
            await AssertPassedOverAsync(journal, snapshot.SequenceNumber, snapshot.Snapshot[..length], $"{length} bytes are left");
        }
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_of_another_actor_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        await using (var node = await Node.StartAsync(journal))
        {
            await node.SendAsync(LedgerKind.Say(Node.Bob, "3", "three", "four"));
            await node.Engine.StopAsync(default);
        }

        var bobs = (await journal.ReadStartAsync(BobId, default)).Snapshot!.Value;
        var own = await TalkAsync(journal);
        Assert.Equal(own.SequenceNumber, bobs.SequenceNumber);
        await AssertPassedOverAsync(journal, bobs.SequenceNumber, bobs.Snapshot, "Bob's");
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_under_a_wrong_sequence_number_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        foreach (var sequenceNumber in new[] { 1L, 50, 0, -1 })
        {
            await AssertPassedOverAsync(journal, sequenceNumber, snapshot.Snapshot, $"the row says {sequenceNumber}");
        }

        // As if it had been made after an event that is not there: the journal was put back from an older copy.
        await AssertPassedOverAsync(journal, 50, Change(snapshot, content => content.SequenceNumber = 50), "beyond the history");
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_with_the_wrong_hash_of_its_event_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        await AssertPassedOverAsync(journal, snapshot.SequenceNumber, Change(snapshot, content => content.LastSha256 = ByteString.CopyFrom(new byte[32])), "zeros");
        await AssertPassedOverAsync(journal, snapshot.SequenceNumber, Change(snapshot, content => content.LastSha256 = ByteString.Empty), "none");
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_of_a_newer_version_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        var newer = SnapshotEnvelope.Parser.ParseFrom(snapshot.Snapshot);
        newer.Version = SnapshotFormat.Version + 1;
        await AssertPassedOverAsync(journal, snapshot.SequenceNumber, newer.ToByteArray(), "newer format");
        await AssertPassedOverAsync(journal, snapshot.SequenceNumber, Change(snapshot, content => content.StateVersion = 2), "newer state");
        await AssertPassedOverAsync(journal, snapshot.SequenceNumber, Change(snapshot, content => content.State = null), "a state of a kind that we do not know");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_snapshot_under_another_manifest_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        await store.PutSnapshotAsync(AliceId, snapshot.SequenceNumber, snapshot.Snapshot, "mcptt.snapshot.2");
        await AssertPassedOverAsync(journal, "a newer manifest");
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_snapshot_of_the_version_before_is_read(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var content = SnapshotContent.Parser.ParseFrom(SnapshotEnvelope.Parser.ParseFrom((await TalkAsync(journal)).Snapshot).Content);
        content.State.Ue.ImplicitGroupIds.Add("only in the snapshot");
        var older = new SnapshotEnvelope { Version = 1, State = content.State, HandedOver = content.HandedOver, LastSha256 = content.LastSha256 };
        older.Remembered.AddRange(content.Remembered);
        await PutAsync(journal, content.SequenceNumber, older.ToByteArray());

        await using var next = await Node.StartAsync(journal);
        Assert.Equal(["one", "two", "only in the snapshot"], await next.WordsAsync());
        Assert.Equal(0, next.Engine.Metrics.BadSnapshots);
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_state_from_which_the_events_do_not_lead_on_is_passed_over(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        await using (var node = await Node.StartAsync(journal))
        {
            await node.SayAsync("3", "three");
        }

        await journal.FlushAsync();
        await AssertPassedOverAsync(
            journal, snapshot.SequenceNumber, Change(snapshot, content => content.State.Ue.ImplicitGroupIds.Add(LedgerKind.Poison)), "poison", "three");
    }

    [Theory]
    [OnEmbeddedJournals]
    [OnPostgres]
    public async Task A_bad_snapshot_is_replaced_even_if_it_claims_a_later_event(TestedJournal on)
    {
        await using var store = await JournalStore.CreateAsync(on);
        await using var journal = await store.OpenAsync();
        var snapshot = await TalkAsync(journal);
        await PutAsync(journal, 50, Change(snapshot, content => content.SequenceNumber = 50));
        await using (var node = await Node.StartAsync(journal))
        {
            await node.WordsAsync();
            await node.Engine.StopAsync(default);
        }

        Assert.Equal(2, (await journal.ReadStartAsync(AliceId, default)).Snapshot?.SequenceNumber);
        await using var next = await Node.StartAsync(journal);
        Assert.Equal(["one", "two"], await next.WordsAsync());
        Assert.Equal(0, next.Engine.Metrics.BadSnapshots);
    }

    /// <summary>Alice says two words, and her snapshot is written when the node stops.</summary>
    private static async Task<StoredSnapshot> TalkAsync(IJournal journal)
    {
        await using var node = await Node.StartAsync(journal);
        await node.SayAsync("1", "one");
        await node.SayAsync("2", "two");
        await node.Engine.StopAsync(default);
        await journal.FlushAsync();
        return (await journal.ReadStartAsync(AliceId, default)).Snapshot!.Value;
    }

    private static byte[] Change(StoredSnapshot snapshot, Action<SnapshotContent> change)
    {
        var content = SnapshotContent.Parser.ParseFrom(SnapshotEnvelope.Parser.ParseFrom(snapshot.Snapshot).Content);
        change(content);
        return SnapshotFormat.Write(content);
    }

    private static async Task PutAsync(IJournal journal, long sequenceNumber, byte[] snapshot)
    {
        Assert.True(journal.TryPost(new SnapshotNote(AliceId, sequenceNumber, snapshot, DateTimeOffset.UnixEpoch)));
        await journal.FlushAsync();
    }

    private static async Task AssertPassedOverAsync(IJournal journal, long sequenceNumber, byte[] snapshot, string what, params string[] more)
    {
        await PutAsync(journal, sequenceNumber, snapshot);
        await AssertPassedOverAsync(journal, what, more);
    }

    private static async Task AssertPassedOverAsync(IJournal journal, string what, params string[] more)
    {
        var log = new RecordingLog();
        await using var node = await Node.StartAsync(journal, log: log);
        Assert.Equal(["one", "two", .. more], await node.WordsAsync());
        Assert.True(node.Engine.Metrics.BadSnapshots == 1, $"{what}: the snapshot was used");
        Assert.Contains(log.Warnings, warning => warning.Contains(AliceId, StringComparison.Ordinal) && warning.Contains("whole history", StringComparison.Ordinal));
    }
}
