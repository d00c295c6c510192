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

    // Rows of a cluster, and for each live actor the key of its shard (`ShardKey`): FNV-1a, 32 bits, over the UTF-8 of what follows the kind and its dash, then
    // a mix whose factors are split, because their products need more than 63 bits. The programs make the key from now on; a row without one is an older program's, which
    // may still run while this step is taken.
    private const string Second = """
        CREATE SEQUENCE node_instance AS integer;
        CREATE TABLE node (
          instance INTEGER PRIMARY KEY,
          name VARCHAR(63) NOT NULL,
          address VARCHAR(255) NOT NULL,
          roles VARCHAR(100) NOT NULL,
          site VARCHAR(63) NOT NULL,
          version VARCHAR(63) NOT NULL,
          started TIMESTAMPTZ NOT NULL,
          reads INTEGER NOT NULL,
          draining BOOLEAN NOT NULL DEFAULT false,
          run VARCHAR(63) NOT NULL DEFAULT '',
          media_load INTEGER NOT NULL DEFAULT 0,
          media_load_at TIMESTAMPTZ NULL);
        CREATE TABLE shard (
          id INTEGER PRIMARY KEY,
          owner INTEGER NOT NULL DEFAULT 0,
          epoch BIGINT NOT NULL DEFAULT 0,
          format INTEGER NOT NULL DEFAULT 0,
          pinned VARCHAR(63) NOT NULL DEFAULT '');

        CREATE FUNCTION shard_key_of(persistence_id text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
          DECLARE
            bytes bytea := convert_to(substr(persistence_id, position('-' IN persistence_id) + 1), 'UTF8');
            hash bigint := 2166136261;
          BEGIN
            FOR i IN 0 .. length(bytes) - 1 LOOP
              hash := ((hash # get_byte(bytes, i)) * 16777619) & 4294967295;
            END LOOP;
            hash := hash # (hash >> 16);
            hash := (hash * 51819 + (((hash * 34283) & 65535) << 16)) & 4294967295;
            hash := hash # (hash >> 13);
            hash := (hash * 44597 + (((hash * 49842) & 65535) << 16)) & 4294967295;
            RETURN hash # (hash >> 16);
          END
        $$;
        ALTER TABLE live ADD COLUMN shard_key BIGINT NULL;
        UPDATE live SET shard_key = shard_key_of(persistence_id);
        DROP FUNCTION shard_key_of;
        CREATE INDEX live_shard_key ON live (shard_key, persistence_id);
        """;

    // The journal's own writer sets its mark in the statement that inserts, and says so when it opens its connection: two functions called for each transaction
    // took longer than all else of a single event.
    private const string Third = """
        DROP TRIGGER journal_mark_writer ON journal;
        CREATE TRIGGER journal_mark_writer BEFORE INSERT ON journal FOR EACH STATEMENT
          WHEN (current_setting('mcptt.marks_itself', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION journal_mark_writer_of_insert();
        """;

    public static IReadOnlyList<JournalMigration> All { get; } =
    [
        new(1, "tables journal, tags, snapshot and live", First),
        new(2, "tables node and shard; column shard_key in live", Second),
        new(3, "the journal's own writer marks what it writes without a trigger", Third),
    ];
}
