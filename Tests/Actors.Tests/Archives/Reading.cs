using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Domain;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>Everything that a reader can see of a journal, to be compared with what another one sees.</summary>
internal static class Reading
{
    /// <summary>Every column of every row but those that say what was archived.</summary>
    public static async Task<List<string>> AllAsync(IJournalReader journal) =>
        await journal.ReadAllAsync(0, default).Where(IsNoArchiveEvent).Select(Text).ToListAsync();

    public static string Text(StoredEvent row) =>
        $"{row.Ordering} {row.PersistenceId} {row.SequenceNumber} {row.Created.UtcTicks} {row.Manifest} {row.WriterUuid} {Convert.ToHexString(row.Message)}";

    /// <summary>The composite says of each actor, each tag, from anywhere, what the rows of an unarchived twin say.</summary>
    public static async Task AssertSameAsync(IReadOnlyList<StoredEvent> twin, IJournalReader journal, Random random)
    {
        Assert.Equal(twin.Select(Text), await AllAsync(journal));
        Assert.True(await journal.ReadLastOrderingAsync(default) >= twin[^1].Ordering);
        var ids = twin.Select(row => row.PersistenceId).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ids, await journal.ReadPersistenceIdsAsync("", "", default).Where(id => id != ArchiveChain.PersistenceId).ToListAsync());
        foreach (var id in ids)
        {
            var from = random.Next(1, 4);
            Assert.Equal(
                twin.Where(row => row.PersistenceId == id && row.SequenceNumber >= from).Select(Text), await journal.ReadActorAsync(id, from, default).Select(Text).ToListAsync());
        }

        var tagged = twin.SelectMany(row => Tags(row).Select(tag => (Tag: tag, Row: row))).ToLookup(pair => pair.Tag, pair => pair.Row);
        foreach (var tag in tagged)
        {
            var after = random.Next(2) == 0 ? 0 : twin[random.Next(twin.Count)].Ordering;
            Assert.Equal(tag.Where(row => row.Ordering > after).Select(Text), await journal.ReadTagAsync(tag.Key, after, default).Select(Text).ToListAsync());
        }

        for (var i = 0; i < 20; i++)
        {
            var after = random.NextInt64(twin[^1].Ordering + 1);
            Assert.Equal(
                twin.Where(row => row.Ordering > after).Take(5).Select(Text), await journal.ReadAllAsync(after, default).Where(IsNoArchiveEvent).Take(5).Select(Text).ToListAsync());
            var next = twin.FirstOrDefault(row => row.Ordering > after);
            var point = await journal.ReadPointAsync(after, default);
            Assert.True(point is { } found ? found.Ordering <= next.Ordering || next.Ordering == 0 : next.Ordering == 0);
        }
    }

    public static async Task<List<StoredEvent>> RowsAsync(IJournalReader journal) => await journal.ReadAllAsync(0, default).Where(IsNoArchiveEvent).ToListAsync();

    private static bool IsNoArchiveEvent(StoredEvent row) => row.PersistenceId != ArchiveChain.PersistenceId;

    private static IReadOnlyList<string> Tags(StoredEvent row) =>
        ActorAddresses.TryParse(row.PersistenceId, out var address) && row.TryReadEnvelope(out var envelope) ? EventTags.Of(address, envelope) : [];
}
