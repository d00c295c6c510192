using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Tests.Stores;

/// <summary>What a journal holds, without what differs from run to run: the orderings, when a row was written and by which run of the program.</summary>
internal static class Streams
{
    /// <summary>Each actor's events, a line each: number, manifest, tags, bytes.</summary>
    public static async Task<SortedDictionary<string, List<string>>> ReadAsync(IJournalReader journal)
    {
        var streams = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var tags = await TagsAsync(journal);
        await foreach (var id in journal.ReadPersistenceIdsAsync("", "", default))
        {
            streams[id] = await journal
                .ReadActorAsync(id, 1, default)
                .Select(stored => $"{stored.SequenceNumber} {stored.Manifest} [{tags.GetValueOrDefault(stored.Ordering)}] {Convert.ToHexString(stored.Message)}")
                .ToListAsync();
        }

        return streams;
    }

    /// <summary>What is different, in words; empty when nothing is.</summary>
    public static string Difference(SortedDictionary<string, List<string>> one, SortedDictionary<string, List<string>> other)
    {
        foreach (var id in one.Keys.Union(other.Keys))
        {
            var (left, right) = (one.GetValueOrDefault(id) ?? [], other.GetValueOrDefault(id) ?? []);
            for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
            {
                if (left.ElementAtOrDefault(i) != right.ElementAtOrDefault(i))
                {
                    return $"{id}, event {i + 1}:\n{left.ElementAtOrDefault(i) ?? "none"}\n{right.ElementAtOrDefault(i) ?? "none"}";
                }
            }
        }

        return "";
    }

    private static async Task<Dictionary<long, string>> TagsAsync(IJournalReader journal)
    {
        var tags = new Dictionary<long, string>();
        foreach (var tag in await journal.ReadAllAsync(0, default).SelectMany(Named).Distinct().OrderBy(tag => tag, StringComparer.Ordinal).ToListAsync())
        {
            await foreach (var stored in journal.ReadTagAsync(tag, 0, default))
            {
                tags[stored.Ordering] = tags.TryGetValue(stored.Ordering, out var others) ? $"{others} {tag}" : tag;
            }
        }

        return tags;

        // Whatever is an actor may be a tag.
        static IEnumerable<string> Named(StoredEvent stored)
        {
            var id = stored.PersistenceId[(stored.PersistenceId.IndexOf('-', StringComparison.Ordinal) + 1)..];
            return [EventTags.User(id), EventTags.Group(id), EventTags.Call(id)];
        }
    }
}
