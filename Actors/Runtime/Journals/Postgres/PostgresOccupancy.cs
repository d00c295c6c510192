using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// Keeps servers apart that would both run every actor: one with the local engine holds an advisory lock alone, nodes of a cluster share it. The lock
/// belongs to the writing connection, so that whoever writes has it, also after the database was restarted or another server became the primary.
/// </summary>
internal static class PostgresOccupancy
{
    // The table's id in the high half keeps journals of one database apart, and other locks of ours: they have other tables there.
    private const string Key = "'journal'::regclass::oid::bigint << 32";

    private const string Holder = """
        SELECT a.application_name, coalesce(host(a.client_addr), 'this machine'), l.mode
        FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = 'journal'::regclass AND l.objid = 0 AND l.granted AND l.pid <> pg_backend_pid()
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        LIMIT 1
        """;

    /// <summary>Throws <see cref="JournalOccupiedException"/> when another server must not write beside this one.</summary>
    public static void Take(NpgsqlConnection connection, PostgresJournalOptions options)
    {
        if (options.Writers == JournalWriters.Any)
        {
            return;
        }

        var function = options.Writers == JournalWriters.One ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared";
        using var take = new NpgsqlCommand($"SELECT {function}({Key})", connection);
        if (take.ExecuteScalar() is not true)
        {
            throw new JournalOccupiedException(Describe(connection));
        }
    }

    private static string Describe(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Holder, connection);
        using var rows = command.ExecuteReader();
        if (!rows.Read())
        {
            return "another server had it until now; start this one again";
        }

        var where = $"a server at {rows.GetString(1)} (\"{rows.GetString(0)}\")";
        return rows.GetString(2) == "ExclusiveLock"
            ? $"{where} uses this journal with the engine \"local\", which shares it with nobody; stop that server, or run both with the engine \"postgresql\""
            : $"{where} uses this journal as a node of a cluster; run this server with the engine \"postgresql\" too, or stop every node of the cluster";
    }
}

/// <summary>The journal is another server's.</summary>
internal sealed class JournalOccupiedException(string message) : Exception(message);
