namespace Mcptt.Actors.Journals;

/// <summary>A bounded set of reading connections. Whoever finds none free waits.</summary>
internal sealed class SqliteReaders(SqliteJournalOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.ReaderLimit);
    private readonly Stack<SqliteReader> _idle = new();

    public async ValueTask<T> ReadAsync<TArgument, T>(Func<SqliteReader, TArgument, T> read, TArgument argument, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        SqliteReader? reader = null;
        try
        {
            reader = Take();
            var answer = read(reader, argument);
            Return(reader);
            return answer;
        }
        catch (SqliteFailureException failure)
        {
            // A connection that failed may be the reason: the next reader opens a new one.
            reader?.Dispose();
            throw new JournalReadException($"journal {options.Path}: {failure.Message}", failure);
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

    private SqliteReader Take()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var reader))
            {
                return reader;
            }
        }

        return new SqliteReader(options);
    }

    private void Return(SqliteReader reader)
    {
        lock (_idle)
        {
            _idle.Push(reader);
        }
    }
}
