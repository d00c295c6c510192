namespace Mcptt.Actors.Audit.Archives;

/// <summary>One question to every archive: what each file has for it, in the order of a key. Files are opened when their turn comes.</summary>
/// <param name="Key">Where an answer stands in the order.</param>
/// <param name="Before">Everything that a file has stands after this; null: not known without looking.</param>
/// <param name="Read">Answers of a file after a key.</param>
internal sealed record ArchiveQuestion<T, TKey>(
    Func<T, TKey> Key,
    IComparer<TKey> Order,
    Func<ArchiveFile, TKey>? Before,
    Func<ArchiveFile, TKey, IEnumerable<T>> Read);

/// <summary>The answers of all files as one sequence in order; the same answer may come from several files.</summary>
internal sealed class ArchiveSource<T, TKey>(ArchiveCatalog catalog, ArchiveQuestion<T, TKey> question) : IDisposable
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Cursor, TKey> _cursors = new(question.Order);

    /// <summary>Takes in what was put into the folder since the last time, beginning after a key.</summary>
    public void Refresh(TKey after)
    {
        foreach (var file in catalog.List())
        {
            if (!_known.Add(file.Name))
            {
                continue;
            }

            var cursor = new Cursor(file);
            if (question.Before is { } before)
            {
                var bound = before(file);
                _cursors.Enqueue(cursor, question.Order.Compare(bound, after) > 0 ? bound : after);
            }
            else
            {
                Advance(cursor, after);
            }
        }
    }

    /// <summary>The next answer after a key, at most at a bound. False: there is none.</summary>
    public bool TryTake(TKey after, bool isBounded, TKey bound, out T answer)
    {
        while (_cursors.TryPeek(out var cursor, out var key) && (!isBounded || question.Order.Compare(key, bound) <= 0))
        {
            _cursors.Dequeue();
            if (cursor.Answers is null)
            {
                Advance(cursor, after);
                continue;
            }

            answer = cursor.Answers.Current;
            Advance(cursor, key);
            if (question.Order.Compare(key, after) > 0)
            {
                return true;
            }
        }

        answer = default!; // Not looked at without an answer.
        return false;
    }

    public void Dispose()
    {
        while (_cursors.TryDequeue(out var cursor, out _))
        {
            cursor.Answers?.Dispose();
        }
    }

    private void Advance(Cursor cursor, TKey after)
    {
        var more = ArchiveCatalog.Guard(() =>
        {
            cursor.Answers ??= question.Read(cursor.File, after).GetEnumerator();
            return cursor.Answers.MoveNext();
        });
        if (more)
        {
            _cursors.Enqueue(cursor, question.Key(cursor.Answers!.Current)); // Made above.
        }
        else
        {
            cursor.Answers?.Dispose();
        }
    }

    private sealed class Cursor(ArchiveFile file)
    {
        public ArchiveFile File => file;

        /// <summary>Null: the file was not opened yet.</summary>
        public IEnumerator<T>? Answers { get; set; }
    }
}
