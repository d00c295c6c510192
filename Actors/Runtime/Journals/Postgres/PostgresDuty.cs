using System.Globalization;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

public enum JournalWork
{
    Sealing = 1,
    Archiving = 2,
}

/// <summary>
/// Work that one of several servers does: the one whose session holds the advisory lock of that work. The database lets go of it when the session ends,
/// for whatever reason, and who asks next has it.
/// </summary>
public sealed class PostgresDuty(PostgresJournalOptions options, JournalWork work) : IJournalDuty
{
    private readonly SemaphoreSlim _gate = new(1);
    private NpgsqlConnection? _session;
    private bool _mine;

    // Beside that of `PostgresOccupancy`, which has 0 in the low half.
    private string Take => string.Create(CultureInfo.InvariantCulture, $"SELECT pg_try_advisory_lock('journal'::regclass::oid::bigint << 32 | {(int)work})");

    public async ValueTask<bool> IsMineAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _session ??= await OpenAsync(cancellationToken);
            await using var ask = new NpgsqlCommand(_mine ? "SELECT true" : Take, _session);
            _mine = await ask.ExecuteScalarAsync(cancellationToken) is true;
            return _mine;
        }
        catch
        {
            // With the session the lock is gone.
            await EndAsync();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The semaphore has no handle: it may be asked again, and disposed of again.
        await _gate.WaitAsync();
        await EndAsync();
        _gate.Release();
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var text = options.Session();
        text.Pooling = false;
        text.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        text.CommandTimeout = (int)Math.Ceiling(options.ReadTimeout.TotalSeconds);
        text.ApplicationName = $"mcptt {work}".ToLowerInvariant();
        var session = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await session.OpenAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private async Task EndAsync()
    {
        _mine = false;
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }
}
