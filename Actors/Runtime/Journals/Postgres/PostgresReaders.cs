using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>A bounded number of readers. Whoever finds none free waits.</summary>
internal sealed class PostgresReaders(NpgsqlDataSource source, PostgresJournalOptions options, Action doubt) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.ReaderLimit);

    public async ValueTask<T> ReadAsync<TArgument, T>(
        Func<NpgsqlConnection, TArgument, CancellationToken, ValueTask<T>> read, TArgument argument, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await ReadTwiceAsync(read, argument, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            doubt();
            throw new JournalReadException(PostgresFailure.Explain(options, failure), failure);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    private async ValueTask<T> ReadTwiceAsync<TArgument, T>(
        Func<NpgsqlConnection, TArgument, CancellationToken, ValueTask<T>> read, TArgument argument, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(read, argument, cancellationToken);
        }
        catch (NpgsqlException failure) when (PostgresFailure.IsOfTheConnection(failure) && failure.InnerException is not TimeoutException)
        {
            // After a restart of the server every idle connection of the pool is broken. Reading again does no harm.
            source.Clear();
            return await ReadOnceAsync(read, argument, cancellationToken);
        }
    }

    private async ValueTask<T> ReadOnceAsync<TArgument, T>(
        Func<NpgsqlConnection, TArgument, CancellationToken, ValueTask<T>> read, TArgument argument, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await read(connection, argument, cancellationToken);
    }
}
