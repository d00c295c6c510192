using System.Globalization;
using Npgsql;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// That a name is one node's alone: bindings, calls and media sessions name their node. An advisory lock of the session that also holds the node's lease,
/// so both end together. Two names with the same hash, one pair in four billion, exclude each other too.
/// </summary>
internal static class NodeName
{
    /// <summary>First key of the locks of names; the second is the name's hash.</summary>
    private const int LockClass = 7778;

    public static bool TryTake(NpgsqlConnection connection, string name)
    {
        using var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockClass}, hashtext($1))", connection);
        take.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return take.ExecuteScalar() is true;
    }

    /// <summary>Who has it, for a person.</summary>
    public static string TakenBy(NpgsqlConnection connection, string name)
    {
        using var ask = new NpgsqlCommand($"SELECT address, started FROM node WHERE name = $1 AND instance IN ({ClusterTables.Alive}) ORDER BY instance DESC LIMIT 1", connection);
        ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        using var row = ask.ExecuteReader();
        return row.Read()
            ? string.Create(CultureInfo.InvariantCulture, $"another node is running as {name}: the one at {row.GetString(0)}, member since {row.GetDateTime(1):yyyy-MM-dd HH:mm:ss} UTC")
            : $"another node is just joining, or leaving, as {name}";
    }
}
