using System.Globalization;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Pools of connections: one for what writes, one for what reads, each with its own time limits.</summary>
internal sealed class PostgresSources : IAsyncDisposable, IDisposable
{
    private const string ApplicationName = "mcptt";

    // The statements of the journal, of which there are about a dozen, are parsed and planned once for each connection.
    private const int PreparedStatements = 32;

    // A server whose client has died must let go of the client's locks soon, and the other way round.
    private const int KeepAliveSeconds = 10;
    private const int KeepAliveIntervalSeconds = 5;

    // Each statement sees what is committed when it begins: what a page of events may show is asked for just before it is read.
    private const string Isolation = @"-c default_transaction_isolation=read\ committed";

    // Each page is read along an index, in its order. Before it knows how long one actor's history is, the planner would rather fetch all of the rest and sort it, for
    // every page: a history of 100 000 events then took seconds, not tenths of one. Nothing here is worth compiling.
    private const string AlongIndexes = "-c enable_sort=off -c enable_mergejoin=off -c jit=off";

    // The trigger that marks who inserts (PostgresHorizon) leaves this connection alone: InsertRows and InsertRow, the statements here that insert into journal, set the mark themselves.
    private const string MarksItself = "-c mcptt.marks_itself=on -c jit=off";

    public PostgresSources(PostgresJournalOptions options)
    {
        Writing = Create(options, options.WriteTimeout, connections: 1, MarksItself);
        Reading = Create(options, options.ReadTimeout, options.ReaderLimit, AlongIndexes);
    }

    public NpgsqlDataSource Writing { get; }

    public NpgsqlDataSource Reading { get; }

    /// <summary>For a change of tables: no time limit on a statement, nothing kept.</summary>
    public static NpgsqlDataSource ForMigration(PostgresJournalOptions options) => Create(options, Timeout.InfiniteTimeSpan, connections: 1);

    public async ValueTask DisposeAsync()
    {
        await Writing.DisposeAsync();
        await Reading.DisposeAsync();
    }

    public void Dispose()
    {
        Writing.Dispose();
        Reading.Dispose();
    }

    private static NpgsqlDataSource Create(PostgresJournalOptions options, TimeSpan limit, int connections, string settings = "")
    {
        var text = options.Session();
        text.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        text.MaxPoolSize = connections;
        text.MinPoolSize = 0;
        text.Pooling = true;
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = PreparedStatements;
        text.AutoPrepareMinUsages = 2;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = KeepAliveSeconds;
        text.TcpKeepAliveInterval = KeepAliveIntervalSeconds;
        if (string.IsNullOrEmpty(text.ApplicationName))
        {
            text.ApplicationName = ApplicationName;
        }

        // The server's limit ends a statement; ours, a second later, an answer that does not come.
        text.CommandTimeout = limit == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Ceiling(limit.TotalSeconds) + 1;
        var timeout = limit == Timeout.InfiniteTimeSpan ? 0 : (long)limit.TotalMilliseconds;
        text.Options = string.Create(
            CultureInfo.InvariantCulture,
            $"{text.Options} {Isolation} {settings} -c statement_timeout={timeout} -c tcp_keepalives_idle={KeepAliveSeconds} -c tcp_keepalives_interval={KeepAliveIntervalSeconds}").Trim();
        return new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
    }
}
