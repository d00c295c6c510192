using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// The writing connection. A batch is one transaction in one round trip; where a number is taken, the unique key refuses the
/// transaction, the appends concerned are looked up and the others are written again.
/// </summary>
internal sealed class PostgresWriter : IJournalWriter
{
    /// <summary>Two writers that wait for each other: PostgreSQL ends one of them, who tries again.</summary>
    private const int DeadlockAttempts = 3;

    private readonly NpgsqlDataSource _source;
    private readonly ILogger _logger;
    private readonly NpgsqlConnection _connection;
    private readonly PostgresBatch _batch = new();

    public PostgresWriter(NpgsqlDataSource source, PostgresJournalOptions options, ILogger logger)
    {
        _source = source;
        _logger = logger;
        _connection = source.OpenConnection();
        try
        {
            PostgresOccupancy.Take(_connection, options);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public bool IsUsable { get; private set; } = true;

    public void Write(IReadOnlyList<JournalEntry> batch)
    {
        try
        {
            for (var next = 0; next < batch.Count;)
            {
                _batch.Clear();
                while (next < batch.Count && _batch.TryAdd(batch[next]))
                {
                    next++;
                }

                WriteTransaction();
            }
        }
        catch (Exception)
        {
            IsUsable = false;
            throw;
        }
        finally
        {
            _batch.Clear();
        }
    }

    public void Probe()
    {
        try
        {
            using var command = new NpgsqlCommand("SELECT pg_is_in_recovery()", _connection);
            if (command.ExecuteScalar() is true)
            {
                throw new NpgsqlException("the server is a standby, which may not be written to");
            }
        }
        catch (Exception)
        {
            IsUsable = false;
            throw;
        }
    }

    public void Dispose()
    {
        _batch.Dispose();
        _connection.Dispose();
        if (!IsUsable)
        {
            // The next connection is a new one: this one may lead to a server that is no longer the one to write to.
            _source.Clear();
        }
    }

    private void WriteTransaction()
    {
        for (var attempt = 1; _batch.Entries.Count > 0; attempt++)
        {
            try
            {
                _batch.Execute(_connection);
                SettleAsWritten();
                return;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation && TryLeaveOutOccupied())
            {
                // Written again without them. Each turn leaves out at least one, so this ends.
            }
            catch (PostgresException failure) when (IsLostRace(failure) && attempt < DeadlockAttempts)
            {
                // Nothing was stored; the other writer has gone on meanwhile.
            }
            catch (PostgresException failure) when (IsOfTheData(failure))
            {
                WriteOneByOne(failure);
                return;
            }
        }
    }

    private bool TryLeaveOutOccupied()
    {
        var occupied = _batch.FindOccupied(_connection);
        List<JournalEntry> others = [];
        for (var i = 0; i < _batch.Entries.Count; i++)
        {
            if (occupied.Contains(i))
            {
                _batch.Entries[i].Occupied();
            }
            else
            {
                others.Add(_batch.Entries[i]);
            }
        }

        _batch.Clear();
        others.ForEach(entry => _batch.TryAdd(entry));
        return occupied.Count > 0;
    }

    /// <summary>Something in one entry is refused by the database (a character, a length): only that entry shall fail.</summary>
    private void WriteOneByOne(PostgresException failure)
    {
        List<JournalEntry> entries = [.. _batch.Entries];
        _batch.Clear();
        if (entries is [var single])
        {
            _logger.LogError("The journal refuses what {PersistenceId} wants to write: {Reason}", single.Append?.PersistenceId ?? single.Note?.PersistenceId, failure.MessageText);
            single.Failed(failure.MessageText);
            return;
        }

        foreach (var entry in entries)
        {
            _batch.TryAdd(entry);
            WriteTransaction();
            _batch.Clear();
        }
    }

    private void SettleAsWritten()
    {
        foreach (var entry in _batch.Entries)
        {
            entry.Written();
        }
    }

    private static bool IsLostRace(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    // Class 22: data exception; class 54: program limit exceeded.
    private static bool IsOfTheData(PostgresException failure) => failure.SqlState.StartsWith("22", StringComparison.Ordinal) || failure.SqlState.StartsWith("54", StringComparison.Ordinal);
}
