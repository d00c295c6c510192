using Mcptt.Domain;

namespace Mcptt.Actors.Journals;

/// <summary>What the retention needs to know of a SQLite journal, on a reader's connection.</summary>
internal static class SqlitePruneReader
{
    public static List<DormantCandidate> Dormant(SqliteReader reader, (string Prefix, string After, long BeforeTicks) of) =>
        reader.PersistenceIds((of.Prefix, of.After), PrunePages.Actors).ConvertAll(id => new DormantCandidate(id, Look(reader, id, of.BeforeTicks)));

    public static bool IsLive(SqliteStatements statements, string persistenceId)
    {
        var live = statements.Prepared("SELECT 1 FROM live WHERE persistence_id = ?1");
        var isLive = live.Bind(1, persistenceId).Step();
        live.Reset();
        return isLive;
    }

    public static List<JournalRecord> Records(SqliteReader reader, IReadOnlyList<long> orderings)
    {
        var row = reader.Statements.Prepared(
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
        var end = reader.Statements.Prepared("SELECT ordering, created, deleted FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number DESC LIMIT 1");
        end.Bind(1, persistenceId).Step();
        var (last, created, isMark) = (end.Number(0), end.Number(1), end.Number(2) != 0);
        end.Reset();
        if (isMark || created >= beforeTicks || IsLive(reader.Statements, persistenceId))
        {
            return null;
        }

        var start = reader.Statements.Prepared("SELECT ordering FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number LIMIT 1");
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

        var has = reader.Statements.Prepared("SELECT 1 FROM tags WHERE tag = ?1 AND ordering_id = ?2");
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
