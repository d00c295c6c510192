namespace Mcptt.Actors.Journals.Postgres;

/// <summary>What the writer says. Rows come as arrays: one statement, planned once, whatever their number (decision 7).</summary>
internal static class PostgresStatements
{
    /// <summary>
    /// Before the first ordering is drawn: from now until this transaction has ended, readers see how far the orderings had come (<see cref="PostgresHorizon"/>).
    /// The planner does not know how many rows a batch has; when it joins them to their tags it must not compare each with each.
    /// </summary>
    public const string MarkWriter = "SELECT journal_mark_writer(), set_config('enable_nestloop', 'off', true)";

    /// <summary>Orderings are drawn first, in the order of the rows, so that tags need no answer with them. Nothing is inserted if one number is taken.</summary>
    public static readonly string InsertRows =
        $"""
        WITH input AS MATERIALIZED (
          SELECT nextval('journal_ordering_seq') AS ordering, r.*
          FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS r (persistence_id, sequence_number, created, message, writer_uuid, row)
        ), tagged AS (
          INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr)
          SELECT i.ordering, t.tag, i.persistence_id, i.sequence_number FROM unnest($6, $7) AS t (row, tag) JOIN input i ON i.row = t.row
        )
        INSERT INTO journal (ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
        SELECT ordering, false, persistence_id, sequence_number, created, message, {JournalFormat.SerializerId}, '{JournalFormat.EventManifest}', writer_uuid FROM input
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
