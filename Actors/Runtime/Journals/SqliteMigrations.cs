namespace Mcptt.Actors.Journals;

/// <summary>
/// Tables of the SQLite journal, version by version. `journal`, `tags` and `snapshot` have the names and columns of Akka.Persistence.Sql's default mapping;
/// `live` is ours.
/// </summary>
internal static class SqliteMigrations
{
    private const string First = """
        CREATE TABLE journal (
          ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
          deleted BOOLEAN NOT NULL DEFAULT 0,
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          tags VARCHAR(100) NULL,
          message BLOB NOT NULL,
          identifier INTEGER NULL,
          manifest VARCHAR(500) NULL,
          writer_uuid VARCHAR(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE tags (
          ordering_id BIGINT NOT NULL,
          tag VARCHAR(256) NOT NULL,
          persistence_id VARCHAR(255) NOT NULL,
          sequence_nr BIGINT NOT NULL,
          PRIMARY KEY (tag, ordering_id)) WITHOUT ROWID;
        CREATE TABLE snapshot (
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          snapshot BLOB NOT NULL,
          manifest VARCHAR(500) NOT NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY (persistence_id, sequence_number)) WITHOUT ROWID;
        CREATE TABLE live (
          persistence_id VARCHAR(255) NOT NULL PRIMARY KEY,
          handed_over BIGINT NOT NULL,
          due_us BIGINT NOT NULL) WITHOUT ROWID;
        """;

    public static IReadOnlyList<JournalMigration> All { get; } = [new(1, "tables journal, tags, snapshot and live", First)];
}
