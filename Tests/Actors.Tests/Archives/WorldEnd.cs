using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Tests.Archives;

internal sealed class WorldEndedException(string step) : Exception(step);

/// <summary>Ends the world at a step. Nothing that is done afterwards is done.</summary>
internal sealed class WorldEnd(int at)
{
    private int _steps;

    public string Last { get; private set; } = "";

    public void Step(string what)
    {
        _steps++;
        if (_steps >= at)
        {
            Last = Last.Length == 0 ? what : Last;
            throw new WorldEndedException(what);
        }
    }
}

/// <summary>A folder whose world may end before and after each thing that is done to it.</summary>
/// <param name="losesUnflushed">Then what was not flushed is lost: half of a file's bytes, and new names.</param>
internal sealed class EndingFiles(ArchiveFolder inner, WorldEnd end, bool losesUnflushed) : IArchiveFiles
{
    private readonly List<(string From, string To)> _unflushedNames = [];
    private string _unflushed = "";

    public string Folder => inner.Folder;

    public IDisposable Lock() => inner.Lock();

    public bool IsLocked => inner.IsLocked;

    public IReadOnlyList<string> List(string extension) => inner.List(extension);

    public SafeFileHandle Open(string name) => inner.Open(name);

    public Stream Create(string name)
    {
        Step($"before {Path.GetExtension(name)} is made");
        var stream = inner.Create(name);
        _unflushed = name;
        return stream;
    }

    public void Flush(Stream stream)
    {
        Step("before the flush");
        inner.Flush(stream);
        _unflushed = "";
        Step("after the flush");
    }

    public void Rename(string from, string to)
    {
        Step("before the rename");
        inner.Rename(from, to);
        _unflushedNames.Add((from, to));
        Step("after the rename");
    }

    public void FlushFolder()
    {
        inner.FlushFolder();
        _unflushedNames.Clear();
        Step("after the folder's flush");
    }

    public void Delete(string name)
    {
        Step("before a removal");
        inner.Delete(name);
    }

    /// <summary>What a machine that lost its power shows when it is back.</summary>
    public void ComeBack()
    {
        foreach (var (from, to) in losesUnflushed ? _unflushedNames : [])
        {
            inner.Rename(to, from);
        }

        if (losesUnflushed && _unflushed.Length > 0)
        {
            var path = Path.Combine(Folder, _unflushed);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..(int)(new FileInfo(path).Length / 2)]);
        }
    }

    private void Step(string what) => end.Step(what);
}

internal sealed class EndingPruner(IJournalPruner inner, WorldEnd end) : IJournalPruner
{
    public IAsyncEnumerable<DormantActor> ReadDormantAsync(string prefix, DateTimeOffset storedBefore, CancellationToken cancellationToken) =>
        inner.ReadDormantAsync(prefix, storedBefore, cancellationToken);

    public async IAsyncEnumerable<JournalRecord> ReadRecordsAsync(
        IReadOnlyList<long> orderings, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in inner.ReadRecordsAsync(orderings, cancellationToken))
        {
            if (record.Event.Ordering % 48 == 0)
            {
                end.Step("while rows are written");
            }

            yield return record;
        }
    }

    public async ValueTask<IReadOnlyList<string>> MarkArchivedAsync(
        IReadOnlyList<HistoryEnd> histories, string archive, DateTimeOffset now, CancellationToken cancellationToken)
    {
        end.Step("before marks");
        var refused = await inner.MarkArchivedAsync(histories, archive, now, cancellationToken);
        end.Step("after marks");
        return refused;
    }

    public async ValueTask<int> RemoveAsync(IReadOnlyList<RowKey> rows, CancellationToken cancellationToken)
    {
        end.Step("before rows are removed");
        var removed = await inner.RemoveAsync(rows, cancellationToken);
        end.Step("after rows were removed");
        return removed;
    }
}

/// <summary>A disk with so much room.</summary>
internal sealed class FullFiles(ArchiveFolder inner, int room) : IArchiveFiles
{
    private int _room = room;

    public string Folder => inner.Folder;

    public IDisposable Lock() => inner.Lock();

    public bool IsLocked => inner.IsLocked;

    public IReadOnlyList<string> List(string extension) => inner.List(extension);

    public SafeFileHandle Open(string name) => inner.Open(name);

    public Stream Create(string name) => inner.Create(name);

    public void Flush(Stream stream)
    {
        _room -= (int)stream.Length;
        if (_room < 0)
        {
            throw new IOException("No space left on device");
        }

        inner.Flush(stream);
    }

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void FlushFolder() => inner.FlushFolder();

    public void Delete(string name) => inner.Delete(name);
}
