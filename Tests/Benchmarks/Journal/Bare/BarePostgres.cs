using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mcptt.Benchmarks.Journal.Bare;

/// <summary>One connection to a database of the journal's tables, without the marks by which the journal's readers see writers in progress: a program that does not follow needs none.</summary>
internal abstract class BarePostgres : IBareWriter
{
    private readonly NpgsqlDataSource _source;

    protected BarePostgres(string connectionString)
    {
        var options = new PostgresJournalOptions { ConnectionString = connectionString };
        new PostgresTables(options).MigrateAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        _source = new NpgsqlDataSourceBuilder(connectionString + ";MaxAutoPrepare=16;AutoPrepareMinUsages=2").Build();
        Connection = _source.OpenConnection();
        using var command = new NpgsqlCommand("ALTER TABLE journal DISABLE TRIGGER ALL", Connection);
        command.ExecuteNonQuery();
    }

    public abstract string Name { get; }

    protected NpgsqlConnection Connection { get; }

    public abstract void Write(ReadOnlySpan<StoredEvent> batch);

    public void Dispose()
    {
        Connection.Dispose();
        _source.Dispose();
    }
}

/// <summary>A statement with an array for each column, one round trip.</summary>
internal sealed class BareArrays(string connectionString) : BarePostgres(connectionString)
{
    private const string Sql =
        """
        WITH stored AS (
          INSERT INTO journal (persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
          SELECT r.persistence_id, r.sequence_number, r.created, r.message, 24379, 'mcptt.event.1', r.writer
          FROM unnest($1, $2, $3, $4, $5) AS r (persistence_id, sequence_number, created, message, writer)
          RETURNING ordering, persistence_id, sequence_number)
        INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr)
        SELECT ordering, 'user:' || substr(persistence_id, 4), persistence_id, sequence_number FROM stored
        """;

    public override string Name => "arrays";

    public override void Write(ReadOnlySpan<StoredEvent> batch)
    {
        var ids = new string[batch.Length];
        var numbers = new long[batch.Length];
        var created = new long[batch.Length];
        var messages = new byte[batch.Length][];
        var writers = new string[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            (ids[i], numbers[i], created[i], messages[i], writers[i]) =
                (batch[i].PersistenceId, batch[i].SequenceNumber, batch[i].Created.UtcTicks, batch[i].Message, batch[i].WriterUuid);
        }

        using var command = new NpgsqlCommand(Sql, Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new NpgsqlParameter<long[]> { TypedValue = numbers },
                new NpgsqlParameter<long[]> { TypedValue = created },
                new NpgsqlParameter<byte[][]> { TypedValue = messages },
                new NpgsqlParameter<string[]> { TypedValue = writers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        command.ExecuteNonQuery();
    }
}

/// <summary>Binary COPY of both tables; the tags need the orderings, so these are drawn before.</summary>
internal sealed class BareCopy(string connectionString) : BarePostgres(connectionString)
{
    public override string Name => "COPY";

    public override void Write(ReadOnlySpan<StoredEvent> batch)
    {
        using var transaction = Connection.BeginTransaction();
        var orderings = Draw(batch.Length);
        using (var rows = Connection.BeginBinaryImport(
            "COPY journal (ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) FROM STDIN (FORMAT BINARY)"))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                rows.StartRow();
                rows.Write(orderings[i], NpgsqlDbType.Bigint);
                rows.Write(false, NpgsqlDbType.Boolean);
                rows.Write(batch[i].PersistenceId, NpgsqlDbType.Varchar);
                rows.Write(batch[i].SequenceNumber, NpgsqlDbType.Bigint);
                rows.Write(batch[i].Created.UtcTicks, NpgsqlDbType.Bigint);
                rows.Write(batch[i].Message, NpgsqlDbType.Bytea);
                rows.Write(JournalFormat.SerializerId, NpgsqlDbType.Integer);
                rows.Write(JournalFormat.EventManifest, NpgsqlDbType.Varchar);
                rows.Write(batch[i].WriterUuid, NpgsqlDbType.Varchar);
            }

            rows.Complete();
        }

        using (var tags = Connection.BeginBinaryImport("COPY tags (ordering_id, tag, persistence_id, sequence_nr) FROM STDIN (FORMAT BINARY)"))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                tags.StartRow();
                tags.Write(orderings[i], NpgsqlDbType.Bigint);
                tags.Write("user:" + batch[i].PersistenceId[3..], NpgsqlDbType.Varchar);
                tags.Write(batch[i].PersistenceId, NpgsqlDbType.Varchar);
                tags.Write(batch[i].SequenceNumber, NpgsqlDbType.Bigint);
            }

            tags.Complete();
        }

        transaction.Commit();
    }

    private long[] Draw(int count)
    {
        using var command = new NpgsqlCommand("SELECT array_agg(nextval('journal_ordering_seq')) FROM generate_series(1, $1)", Connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = count } },
        };
        return (long[])command.ExecuteScalar()!; // Never NULL: count is at least 1.
    }
}
