using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// The files of a folder as readers need them: of each its header in memory, of the few that were used last their keys and index. Files may come
/// and go at any time.
/// </summary>
internal sealed class ArchiveCatalog(IArchiveFiles files)
{
    /// <summary>Files whose keys and index are kept; beyond it the one that was not used for longest is read again when it is needed.</summary>
    private const int KeptIndexes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ArchiveFile> _files = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, byte[] Keys, ArchiveIndex? Index)> _kept = new();

    public string Folder => files.Folder;

    /// <summary>What is there now, the file with the earliest ordering first.</summary>
    public IReadOnlyList<ArchiveFile> List()
    {
        lock (_gate)
        {
            return Guard(() =>
            {
                var names = files.List(ArchiveFormat.Extension);
                foreach (var gone in _files.Keys.Except(names).ToList())
                {
                    _files.Remove(gone);
                }

                foreach (var name in names.Where(name => !_files.ContainsKey(name)))
                {
                    _files.Add(name, ArchiveFile.Open(files, name));
                }

                return _files.Values.OrderBy(file => file.Header.FirstOrdering).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
            });
        }
    }

    /// <summary>Somebody archives at this moment.</summary>
    public bool IsMoving => files.IsLocked;

    public IReadOnlyList<string> Names() => Guard(() => files.List(ArchiveFormat.Extension));

    /// <summary>False: nothing in the file has the key. True may also be chance, once in 2^64 keys.</summary>
    public bool MayHold(ArchiveFile file, ulong key)
    {
        lock (_gate)
        {
            return Guard(() => ArchiveIndexDraft.Contains(Kept(file, withIndex: false).Keys, key));
        }
    }

    public ArchiveIndex Index(ArchiveFile file)
    {
        lock (_gate)
        {
            return Guard(() => Kept(file, withIndex: true).Index!); // Asked for with its index.
        }
    }

    /// <summary>What is wrong with an archive is wrong with the journal that it belongs to.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArchiveException failure)
        {
            throw new JournalReadException(failure.Message, failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalReadException($"archives: {failure.Message}", failure);
        }
    }

    private (string Name, byte[] Keys, ArchiveIndex? Index) Kept(ArchiveFile file, bool withIndex)
    {
        var node = _kept.First;
        while (node is not null && node.Value.Name != file.Name)
        {
            node = node.Next;
        }

        if (node is null)
        {
            node = new((file.Name, file.ReadKeys(), null));
        }
        else
        {
            _kept.Remove(node);
        }

        if (withIndex && node.Value.Index is null)
        {
            node.Value = (file.Name, node.Value.Keys, file.ReadIndex());
        }

        _kept.AddFirst(node);
        if (_kept.Count > KeptIndexes)
        {
            _kept.RemoveLast();
        }

        return node.Value;
    }
}
