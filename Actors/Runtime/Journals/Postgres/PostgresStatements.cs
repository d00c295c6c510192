namespace Mcptt.Actors.Journals.Postgres;

/// <summary>What the writer says. Rows come as arrays: one statement, planned once, whatever their number (decision 7).</summary>
internal static class PostgresStatements
{
    // Before the first ordering is drawn: from now until the transaction has ended, readers see how far the orderings had come (PostgresHorizon). The same as the function
    // journal_mark_writer, which a trigger calls for all other programs (PostgresSources.MarksItself).
    private const string Mark =
        """
        SELECT pg_advisory_xact_lock_shared(
          ('journal_ordering_seq'::regclass::oid::bigint << 32) | (coalesce(pg_sequence_last_value('journal_ordering_seq'), 0) & 4294967295))
        """;

    /// <summary>The same as <see cref="InsertRows"/> for one row, which takes the server three quarters of the time: what a lone event waits for.</summary>
    public static readonly string InsertRow =
        $"""
        WITH mark AS MATERIALIZED (
          {Mark}
        ), drawn AS MATERIALIZED (
          SELECT nextval('journal_ordering_seq') AS ordering FROM mark
        ), tagged AS (
          INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr) SELECT drawn.ordering, t.tag, $1, $2 FROM drawn, unnest($6) AS t (tag)
        )
        INSERT INTO journal (ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
        SELECT ordering, false, $1, $2, $3, $4, {JournalFormat.SerializerId}, '{JournalFormat.EventManifest}', $5 FROM drawn
        """;

    /// <summary>
    /// The mark, orderings in the order of the rows, tags and rows. No ordering can be drawn before the mark is set, because each is drawn for a row that the mark's is joined to.
    /// Tags come with the position of their row among the orderings: a join of rows and tags, whose numbers the planner does not know, may compare each with each.
    /// Nothing is inserted if one number is taken.
    /// </summary>
    public static readonly string InsertRows =
        $"""
        WITH mark AS MATERIALIZED (
          {Mark}
        ), drawn AS MATERIALIZED (
          SELECT array(SELECT nextval('journal_ordering_seq') FROM mark, unnest($2)) AS orderings
        ), tagged AS (
          INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr)
          SELECT (SELECT orderings FROM drawn)[t.row], t.tag, t.persistence_id, t.sequence_number
          FROM unnest($6, $7, $8, $9) AS t (row, tag, persistence_id, sequence_number)
        )
        INSERT INTO journal (ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
        SELECT (SELECT orderings FROM drawn)[r.row], false, r.persistence_id, r.sequence_number, r.created, r.message, {JournalFormat.SerializerId}, '{JournalFormat.EventManifest}', r.writer_uuid
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS r (persistence_id, sequence_number, created, message, writer_uuid, row)
        """;

    /// <summary>By the unique key for each row, however long the journal: the subquery keeps the planner from a join that reads all of it.</summary>
    public const string Occupied =
        """
        SELECT DISTINCT r.entry FROM unnest($1, $2, $3) AS r (persistence_id, sequence_number, entry)
        WHERE (SELECT true FROM journal j WHERE j.persistence_id = r.persistence_id AND j.sequence_number = r.sequence_number LIMIT 1)
        """;

    public const string PutLive =
        """
        INSERT INTO live (persistence_id, handed_over, due_us, shard_key) SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (persistence_id) DO UPDATE SET handed_over = excluded.handed_over, due_us = excluded.due_us, shard_key = excluded.shard_key
        """;

    public const string PutOneLive =
        """
        INSERT INTO live (persistence_id, handed_over, due_us, shard_key) VALUES ($1, $2, $3, $4)
        ON CONFLICT (persistence_id) DO UPDATE SET handed_over = excluded.handed_over, due_us = excluded.due_us, shard_key = excluded.shard_key
        """;

    public const string RemoveLive = "DELETE FROM live WHERE persistence_id = ANY($1)";

    public static readonly string PutSnapshots =
        $"""
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        SELECT r.*, '{JournalFormat.SnapshotManifest}', {JournalFormat.SerializerId} FROM unnest($1, $2, $3, $4) AS r
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE
        SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    public const string RemoveOtherSnapshots =
        "DELETE FROM snapshot s USING unnest($1, $2) AS r (persistence_id, sequence_number) WHERE s.persistence_id = r.persistence_id AND s.sequence_number <> r.sequence_number";
}
