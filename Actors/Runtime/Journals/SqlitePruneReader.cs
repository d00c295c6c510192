using Mcptt.Domain;

namespace Mcptt.Actors.Journals;

/// <summary>What the retention needs to know of a SQLite journal, on a reader's connection.</summary>
internal static class SqlitePruneReader
{
    /// <summary>Actors that are looked at in one transaction.</summary>
    private const int PageActors = 500;

    public readonly record struct DormantPage(List<DormantActor> Actors, string Last, bool IsLast);

    public static DormantPage Dormant(SqliteReader reader, (string Prefix, string After, long BeforeTicks) of)
    {
        var next = reader.Prepared("SELECT persistence_id FROM journal WHERE persistence_id > ?1 AND persistence_id < ?2 ORDER BY persistence_id LIMIT 1");
        var actors = new List<DormantActor>();
        var last = string.CompareOrdinal(of.After, of.Prefix) > 0 ? of.After : of.Prefix;
        for (var i = 0; i < PageActors; i++)
        {
            var found = next.Bind(1, last).Bind(2, of.Prefix + SqliteReader.AfterPrefix).Step();
            last = found ? next.Text(0) : last;
            next.Reset();
            if (!found)
            {
                return new(actors, last, IsLast: true);
            }

            if (Look(reader, last, of.BeforeTicks) is { } dormant)
            {
                actors.Add(dormant);
            }
        }

        return new(actors, last, IsLast: false);
    }

    public static List<JournalRecord> Records(SqliteReader reader, IReadOnlyList<long> orderings)
    {
        var row = reader.Prepared(
            "SELECT ordering, persistence_id, sequence_number, created, message, manifest, writer_uuid, identifier FROM journal WHERE ordering = ?1 AND deleted = 0");
        var records = new List<JournalRecord>(orderings.Count);
        foreach (var ordering in orderings)
        {
            if (row.Bind(1, ordering).Step())
            {
                var stored = SqliteReader.Event(row);
                var identifier = (int)row.Number(7);
                records.Add(new JournalRecord(stored, identifier, Tags(reader, stored)));
            }

            row.Reset();
        }

        return records;
    }

    private static DormantActor? Look(SqliteReader reader, string persistenceId, long beforeTicks)
    {
        var end = reader.Prepared("SELECT ordering, created, deleted FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number DESC LIMIT 1");
        end.Bind(1, persistenceId).Step();
        var (last, created, isMark) = (end.Number(0), end.Number(1), end.Number(2) != 0);
        end.Reset();
        if (isMark || created >= beforeTicks)
        {
            return null;
        }

        var live = reader.Prepared("SELECT 1 FROM live WHERE persistence_id = ?1");
        var isLive = live.Bind(1, persistenceId).Step();
        live.Reset();
        if (isLive)
        {
            return null;
        }

        var start = reader.Prepared("SELECT ordering FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number LIMIT 1");
        start.Bind(1, persistenceId).Step();
        var first = start.Number(0);
        start.Reset();
        return new DormantActor(persistenceId, first, last);
    }

    // The table has no index by ordering, because every append would pay for it: so it is asked for the tags that an event of this kind gets.
    private static List<string> Tags(SqliteReader reader, in StoredEvent stored)
    {
        var tags = new List<string>();
        if (!ActorAddresses.TryParse(stored.PersistenceId, out var address) || !stored.TryReadEnvelope(out var envelope))
        {
            return tags;
        }

        var has = reader.Prepared("SELECT 1 FROM tags WHERE tag = ?1 AND ordering_id = ?2");
        foreach (var tag in EventTags.Of(address, envelope))
        {
            if (has.Bind(1, tag).Bind(2, stored.Ordering).Step())
            {
                tags.Add(tag);
            }

            has.Reset();
        }

        return tags;
    }
}
