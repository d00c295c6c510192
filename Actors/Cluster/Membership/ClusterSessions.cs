using Mcptt.Actors.Journals.Postgres;
using Npgsql;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// How this node's sessions with the database are opened. Each has its purpose in its name, as `pg_stat_activity` shows it, and waits for
/// nothing longer than the lease lasts, except for the death of another node.
/// </summary>
internal sealed class ClusterSessions(ClusterOptions options)
{
    /// <summary>Connections that look at the tables and change them.</summary>
    private const int TableConnections = 4;

    private int LeaseSeconds => (int)Math.Ceiling(options.LeaseTime.TotalSeconds);

    /// <summary>That the node lives. An answer that takes longer than the lease comes too late.</summary>
    public NpgsqlConnection ForLease() => new(Alone("lease", LeaseSeconds).ConnectionString);

    /// <summary>Waits for the death of another node, however long.</summary>
    public NpgsqlConnection ForWatch() => new(Alone("watch", commandSeconds: 0).ConnectionString);

    public NpgsqlConnection ForNotifications()
    {
        var text = Alone("listen", LeaseSeconds);
        text.KeepAlive = LeaseSeconds;
        return new(text.ConnectionString);
    }

    public NpgsqlDataSource ForTables()
    {
        var text = Of("shards", LeaseSeconds);
        text.MaxPoolSize = TableConnections;
        return NpgsqlDataSource.Create(text);
    }

    private NpgsqlConnectionStringBuilder Alone(string purpose, int commandSeconds)
    {
        var text = Of(purpose, commandSeconds);
        text.Pooling = false;
        return text;
    }

    private NpgsqlConnectionStringBuilder Of(string purpose, int commandSeconds)
    {
        var text = new PostgresJournalOptions { ConnectionString = options.ConnectionString }.Session();
        text.Multiplexing = false;
        text.Timeout = LeaseSeconds;
        text.CommandTimeout = commandSeconds;
        text.ApplicationName = $"mcptt {purpose} {options.NodeName}";
        return text;
    }
}
