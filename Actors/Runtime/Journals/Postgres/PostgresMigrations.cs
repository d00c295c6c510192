namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// Tables of the PostgreSQL journal, version by version. `journal`, `tags` and `snapshot` have the names and columns of Akka.Persistence.Sql's default mapping;
/// `live` is ours, and `journal_schema` says which versions were applied, when and by what.
/// </summary>
internal static class PostgresMigrations
{
    // Keys are compared byte by byte, so that "all with this prefix" is a range of the index whatever language the database speaks.
    private const string First = """
        CREATE TABLE journal (
          ordering BIGSERIAL PRIMARY KEY,
          deleted BOOLEAN NOT NULL DEFAULT false,
          persistence_id VARCHAR(255) COLLATE "C" NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          tags VARCHAR(100) NULL,
          message BYTEA NOT NULL,
          identifier INTEGER NULL,
          manifest VARCHAR(500) NULL,
          writer_uuid VARCHAR(128) NULL,
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
        CREATE TABLE tags (
          ordering_id BIGINT NOT NULL,
          tag VARCHAR(512) COLLATE "C" NOT NULL,
          persistence_id VARCHAR(255) COLLATE "C" NOT NULL,
          sequence_nr BIGINT NOT NULL,
          PRIMARY KEY (tag, ordering_id));
        CREATE TABLE snapshot (
          persistence_id VARCHAR(255) COLLATE "C" NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          snapshot BYTEA NOT NULL,
          manifest VARCHAR(500) NOT NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE live (
          persistence_id VARCHAR(255) COLLATE "C" NOT NULL PRIMARY KEY,
          handed_over BIGINT NOT NULL,
          due_us BIGINT NOT NULL) WITH (fillfactor = 70);

        CREATE FUNCTION journal_mark_writer() RETURNS void LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
          SELECT pg_advisory_xact_lock_shared(
            ('journal_ordering_seq'::regclass::oid::bigint << 32)
            | ((CASE WHEN is_called THEN last_value ELSE last_value - 1 END) & 4294967295))
          FROM journal_ordering_seq
        $$;
        CREATE FUNCTION journal_mark_writer_of_insert() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
          BEGIN
            PERFORM journal_mark_writer();
            RETURN NULL;
          END
        $$;
        CREATE TRIGGER journal_mark_writer BEFORE INSERT ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_mark_writer_of_insert();
        """;

    public static IReadOnlyList<JournalMigration> All { get; } = [new(1, "tables journal, tags, snapshot and live", First)];
}
