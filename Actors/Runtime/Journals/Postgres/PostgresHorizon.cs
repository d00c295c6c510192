using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// How far the journal may be read. An ordering is drawn before its transaction commits, so a row may appear below rows that were read already; a reader that
/// goes on after the highest ordering it saw would never see it. Therefore every transaction that inserts into `journal` holds, from before it draws its first
/// ordering until it has ended, an advisory lock that tells the ordering drawn last before it (set by the journal's own writer in the statement that inserts, and for whoever else
/// inserts by a trigger that calls the function `journal_mark_writer`). Readers ask in this order: (1) the last ordering drawn, (2) the marks of writers in progress, (3) rows; and take of (3) what is not beyond
/// the least of (1) and (2).
/// <para>
/// Why nothing appears later at or below that bound B: let its ordering be o &lt;= B and its transaction T. As o &lt;= (1), o was drawn before (1) was read, and T's mark,
/// which is &lt; o, was set before that. If T held it still at (2), B would be &lt; o. So T had ended before (2), PostgreSQL shows what is committed before it
/// lets go of locks, and (3) sees it.
/// </para>
/// </summary>
internal static class PostgresHorizon
{
    private const string LastDrawn = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM journal_ordering_seq";

    // High half of the key: the sequence, which tells journals of one database apart; low half: 32 bits of the ordering.
    private const string Marks =
        """
        SELECT objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND classid = 'journal_ordering_seq'::regclass
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>Puts (1) and (2) before what else the batch will read.</summary>
    public static void AddTo(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LastDrawn));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Marks));
    }

    /// <summary>Reads the bound and moves on to the rows.</summary>
    public static async ValueTask<long> ReadAsync(NpgsqlDataReader answers, CancellationToken cancellationToken)
    {
        await answers.ReadAsync(cancellationToken);
        var lastDrawn = answers.GetInt64(0);
        var bound = lastDrawn;
        await answers.NextResultAsync(cancellationToken);
        while (await answers.ReadAsync(cancellationToken))
        {
            // The mark was at most the last ordering drawn or was set after (1) was read; then it does not count.
            var behind = (uint)((ulong)lastDrawn - (ulong)answers.GetInt64(0));
            bound = behind <= int.MaxValue ? Math.Min(bound, lastDrawn - behind) : bound;
        }

        await answers.NextResultAsync(cancellationToken);
        return bound;
    }
}
