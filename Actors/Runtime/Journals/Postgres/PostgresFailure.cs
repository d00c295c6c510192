using System.Net.Sockets;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>What PostgreSQL and the way to it answer, in words that say what to do.</summary>
internal static class PostgresFailure
{
    public static string Explain(PostgresJournalOptions options, Exception failure) => $"journal {options.Name}: {Reason(failure)}";

    /// <summary>A connection that broke or could not be had: another one may work.</summary>
    public static bool IsOfTheConnection(Exception failure) =>
        failure is NpgsqlException and not PostgresException
        || failure is PostgresException { SqlState: var state } && (state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal));

    private static string Reason(Exception failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => $"{Text(failure)}; check the role and its password (data.journalPasswordFile)",
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } => $"{Text(failure)}; check the role in data.journal and the server's pg_hba.conf",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"{Text(failure)}; create it (ops/postgres/setup.sql), or correct data.journal",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => $"{Text(failure)}; grant it to the role (ops/postgres/grants.sql), or migrate with the role that owns the tables",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => $"{Text(failure)}; raise the server's max_connections",
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => $"{Text(failure)}; it is starting or stopping, try again",
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => $"{Text(failure)}; this server is a standby: name the primary, or all hosts, in data.journal",
            PostgresException => Text(failure),
            AggregateException { InnerExceptions: [var first, ..] } => Reason(first),
            NpgsqlException { InnerException: AggregateException { InnerExceptions: [var first, ..] } } => $"none of the hosts answers and may be written to: {Reason(first)}",
            NpgsqlException { InnerException: SocketException socket } => $"the server does not answer ({socket.Message}); start it, or correct the host and port in data.journal",
            NpgsqlException { InnerException: TimeoutException } or TimeoutException => "the server does not answer in time; see whether it is overloaded or cut off",
            NpgsqlException { InnerException: null, Message: var text } when text.Contains("suitable host", StringComparison.OrdinalIgnoreCase) =>
                "none of the hosts answers and may be written to; start one, or make one of them the primary",
            NpgsqlException { Message: var text } when text.Contains("password", StringComparison.OrdinalIgnoreCase) => "the server wants a password; set data.journalPasswordFile",
            _ => failure.Message,
        };

    private static string Text(Exception failure) => failure is PostgresException postgres ? postgres.MessageText : failure.Message;
}
