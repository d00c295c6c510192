namespace Mcptt.Actors.Journals;

/// <summary>A bounded set of reading connections. Whoever finds none free waits.</summary>
/// <param name="open">Opens one more.</param>
internal sealed class SqliteReaders(string path, int limit, Func<SqliteReader> open) : IDisposable
{
    /// <summary>Times that a page is read because the file changed below it, each on a new connection; then the reading fails.</summary>
    private const int StaleLimit = 10;

    private readonly SemaphoreSlim _free = new(limit);
    private readonly Stack<SqliteReader> _idle = new();

    public async ValueTask<T> ReadAsync<TArgument, T>(Func<SqliteReader, TArgument, T> read, TArgument argument, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; attempt <= StaleLimit; attempt++)
            {
                if (TryRead(read, argument, out var answer))
                {
                    return answer;
                }
            }

            throw new JournalReadException($"journal {path}: the file is changed while it is read; try again");
        }
        catch (SqliteFailureException failure)
        {
            throw new JournalReadException($"journal {path}: {failure.Message}", failure);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }

        _free.Dispose();
    }

    // False: the file changed in a way that the connection cannot see.
    private bool TryRead<TArgument, T>(Func<SqliteReader, TArgument, T> read, TArgument argument, out T answer)
    {
        var reader = Take();
        try
        {
            answer = read(reader, argument);
            if (!reader.IsStale)
            {
                Return(reader);
                return true;
            }
        }
        catch (SqliteFailureException) when (reader.IsStale)
        {
            answer = default!; // Not looked at: what was read does not count.
        }
        catch (SqliteFailureException)
        {
            // A connection that failed may be the reason: the next reader opens a new one.
            reader.Dispose();
            throw;
        }

        reader.Dispose();
        return false;
    }

    private SqliteReader Take()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var reader))
            {
                return reader;
            }
        }

        return open();
    }

    private void Return(SqliteReader reader)
    {
        lock (_idle)
        {
            _idle.Push(reader);
        }
    }
}
