using System.Globalization;
using Mcptt.Actors.Journals;
using Npgsql;
using NpgsqlTypes;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// The tables `node` and `shard`, and who lives: a node's session holds an advisory lock under its instance number, and the server lets go of it the
/// moment the session ends, for whatever reason.
/// </summary>
internal sealed class ClusterTables(NpgsqlDataSource database)
{
    /// <summary>First key of our advisory locks; the second is the instance.</summary>
    public const int LockClass = 7777;

    /// <summary>Channel on which changes of ownership are made known.</summary>
    public const string Channel = "mcptt_shards";

    /// <summary>Instances of nodes that live. objsubid 2: a lock with two keys of 32 bits.</summary>
    public const string Alive = """
        SELECT objid::bigint::integer FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 7777 AND objsubid = 2 AND mode = 'ExclusiveLock' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private const string Nodes = $"""
        SELECT instance, name, address, roles, site, version, started, draining, run, CASE WHEN media_load_at > now() - $1 THEN media_load END, reads
        FROM node WHERE instance IN ({Alive}) ORDER BY instance
        """;

    // A load that is lost in a crash was out of date anyway: nobody waits for the disk.
    private const string ReportSql = """
        WITH lazily AS (SELECT set_config('synchronous_commit', 'off', true))
        UPDATE node SET media_load = $2, media_load_at = now() FROM lazily WHERE instance = $1
        """;

    /// <summary>Rows of nodes that were killed: kept for a day for whoever looks what happened.</summary>
    public const string ForgetOld = $"DELETE FROM node WHERE started < now() - interval '1 day' AND instance NOT IN ({Alive})";

    private const string Shards = "SELECT id, owner, epoch, pinned, format FROM shard ORDER BY id";

    private const string ClaimSql = $"""
        UPDATE shard SET owner = $1, epoch = epoch + 1, format = greatest(format, $4)
        WHERE id = ANY ($2) AND owner NOT IN ({Alive}) AND $1 IN ({Alive}) AND format <= $3 RETURNING id, epoch
        """;

    /// <summary>The number of shards is decided by whoever comes first; throws <see cref="JournalOpenException"/> when it is another one.</summary>
    public async Task EnsureAsync(int shards, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var seed = new NpgsqlCommand(
            $"LOCK TABLE shard IN SHARE ROW EXCLUSIVE MODE; INSERT INTO shard (id) SELECT generate_series(0, {shards - 1}) WHERE NOT EXISTS (SELECT FROM shard)", connection, transaction);
        await seed.ExecuteNonQueryAsync(cancellationToken);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM shard", connection, transaction);
        var there = Convert.ToInt32(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        if (there != shards)
        {
            throw new JournalOpenException($"this database has {there} shards and the configuration says {shards}: the number is decided once for a database; configure {there}");
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<ClusterView> ReadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var alive = new NpgsqlBatchCommand(Nodes);
        alive.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = ClusterOptions.LoadFresh });
        batch.BatchCommands.Add(alive);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Shards));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var nodes = new List<ClusterNode>();
        while (await reader.ReadAsync(cancellationToken))
        {
            nodes.Add(new ClusterNode(
                reader.GetInt32(0),
                reader.GetString(1),
                new Uri(reader.GetString(2)),
                reader.GetString(3).Split(',', StringSplitOptions.RemoveEmptyEntries),
                reader.GetString(4),
                reader.GetString(5),
                new DateTimeOffset(reader.GetDateTime(6)),
                reader.GetBoolean(7))
            {
                Run = reader.GetString(8),
                MediaLoad = await reader.IsDBNullAsync(9, cancellationToken) ? null : reader.GetInt32(9),
                Reads = reader.GetInt32(10),
            });
        }

        await reader.NextResultAsync(cancellationToken);
        var shards = new List<ShardRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shards.Add(new ShardRow(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetString(3)) { Format = reader.GetInt32(4) });
        }

        return new ClusterView(nodes, shards);
    }

    /// <summary>What the media sessions of a node weigh. The others read it with their next look.</summary>
    public async Task ReportLoadAsync(int instance, int load, CancellationToken cancellationToken)
    {
        await using var report = database.CreateCommand(ReportSql);
        report.Parameters.Add(new NpgsqlParameter<int> { TypedValue = instance });
        report.Parameters.Add(new NpgsqlParameter<int> { TypedValue = load });
        await report.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes shards whose owner does not live; with the new epoch, those that nobody else took in the meantime.</summary>
    public async Task<IReadOnlyDictionary<int, long>> ClaimAsync(int instance, int[] shards, EventFormat format, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var claim = new NpgsqlBatchCommand(ClaimSql);
        claim.Parameters.Add(new NpgsqlParameter<int> { TypedValue = instance });
        claim.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = shards, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        claim.Parameters.Add(new NpgsqlParameter<int> { TypedValue = format.Reads });
        claim.Parameters.Add(new NpgsqlParameter<int> { TypedValue = format.Writes });
        batch.BatchCommands.Add(claim);
        batch.BatchCommands.Add(Notify());
        var taken = new Dictionary<int, long>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(reader.GetInt32(0), reader.GetInt64(1));
        }

        return taken;
    }

    /// <summary>Lets go of a shard that this node has drained, and tells the others.</summary>
    public async Task ReleaseAsync(int instance, int shard, long epoch, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var release = new NpgsqlBatchCommand("UPDATE shard SET owner = 0, epoch = epoch + 1 WHERE id = $1 AND owner = $2 AND epoch = $3");
        release.Parameters.Add(new NpgsqlParameter<int> { TypedValue = shard });
        release.Parameters.Add(new NpgsqlParameter<int> { TypedValue = instance });
        release.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        batch.BatchCommands.Add(release);
        batch.BatchCommands.Add(Notify());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Every node looks at the tables.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var notify = database.CreateCommand($"NOTIFY {Channel}");
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether there is a node of that name that lives.</summary>
    public Task<bool> SetDrainingAsync(string node, bool draining, CancellationToken cancellationToken) =>
        ChangeAsync(
            $"UPDATE node SET draining = $2 WHERE name = $1 AND instance IN ({Alive})",
            [new NpgsqlParameter<string> { TypedValue = node }, new NpgsqlParameter<bool> { TypedValue = draining }],
            cancellationToken);

    /// <summary>Whether there is such a shard. An empty name: wherever it fits.</summary>
    public Task<bool> PinAsync(int shard, string node, CancellationToken cancellationToken) =>
        ChangeAsync(
            "UPDATE shard SET pinned = $2 WHERE id = $1",
            [new NpgsqlParameter<int> { TypedValue = shard }, new NpgsqlParameter<string> { TypedValue = node }],
            cancellationToken);

    private static NpgsqlBatchCommand Notify() => new($"NOTIFY {Channel}");

    private async Task<bool> ChangeAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var change = database.CreateCommand(sql);
        change.Parameters.AddRange(parameters);
        var rows = await change.ExecuteNonQueryAsync(cancellationToken);
        await TellAsync(cancellationToken);
        return rows > 0;
    }
}
