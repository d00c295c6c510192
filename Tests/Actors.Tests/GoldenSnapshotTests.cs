using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

/// <summary>
/// Snapshots as each version once wrote them, under Tests/Corpus/snapshots: "1.events.bin" is the rows of an actor, each with its length before it,
/// "1.snapshot.bin" its snapshot after the last but one. They are only ever added: MCPTT_WRITE_CORPUS=1 writes the one of today's version if it is missing.
/// </summary>
public sealed class GoldenSnapshotTests
{
    private const string AliceId = "ue-sip:alice@example.org";

    private static readonly string[] Words = ["one", "two", "after the snapshot"];

    [Fact]
    public async Task Today_s_version_is_among_them()
    {
        var path = PathOf(SnapshotFormat.Version, "snapshot");
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_CORPUS") == "1" && !File.Exists(path))
        {
            await WriteAsync();
        }

        Assert.Equal(SnapshotFormat.Version, SnapshotEnvelope.Parser.ParseFrom(await File.ReadAllBytesAsync(path)).Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_snapshot_of_this_version_is_still_read_with_its_tail(uint version)
    {
        var journal = await ReadAsync(version);
        await using var node = await Node.StartAsync(journal);

        Assert.Equal(Words, await node.WordsAsync());
        Assert.Equal(0, node.Engine.Metrics.BadSnapshots);

        // Its remembered replies are in it too.
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));
        Assert.Equal(1, node.Engine.Metrics.Repeated);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Without_it_the_events_lead_to_the_same(uint version)
    {
        var journal = await ReadAsync(version, snapshotIsKept: false);
        await using var node = await Node.StartAsync(journal);

        Assert.Equal(Words, await node.WordsAsync());
    }

    private static string PathOf(uint version, string what) => Path.Combine(Corpus.Folder("snapshots"), $"{version}.{what}.bin");

    private static async Task<IJournal> ReadAsync(uint version, bool snapshotIsKept = true)
    {
        var journal = new InMemoryJournal();
        using var events = File.OpenRead(PathOf(version, "events"));
        var sequenceNumber = 0L;
        while (events.Position < events.Length)
        {
            // As bytes: the next one's SHA-256 is over these and no others.
            var message = BytesOf(events);
            await journal.AppendAsync(new JournalAppend(AliceId, [new JournalRow(++sequenceNumber, message, [])], DateTimeOffset.UnixEpoch, "golden", null));
        }

        if (snapshotIsKept)
        {
            journal.TryPost(new SnapshotNote(AliceId, sequenceNumber - 1, await File.ReadAllBytesAsync(PathOf(version, "snapshot")), DateTimeOffset.UnixEpoch));
        }

        return journal;
    }

    private static byte[] BytesOf(FileStream file)
    {
        using var length = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        var bytes = new byte[length.Read7BitEncodedInt()];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static async Task WriteAsync()
    {
        var journal = new InMemoryJournal();
        for (var i = 0; i < Words.Length; i++)
        {
            await using var node = await Node.StartAsync(journal, Node.Clock(), new EngineOptions { SnapshotEvery = 2 });
            await node.SayAsync($"{i + 1}", Words[i]);
        }

        await File.WriteAllBytesAsync(PathOf(SnapshotFormat.Version, "snapshot"), (await journal.ReadStartAsync(AliceId, default)).Snapshot!.Value.Snapshot);
        using var events = File.Create(PathOf(SnapshotFormat.Version, "events"));
        await foreach (var stored in journal.ReadActorAsync(AliceId, 1, default))
        {
            using var length = new BinaryWriter(events, System.Text.Encoding.UTF8, leaveOpen: true);
            length.Write7BitEncodedInt(stored.Message.Length);
            length.Write(stored.Message);
        }
    }
}
