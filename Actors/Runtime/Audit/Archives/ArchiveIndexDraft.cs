using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>The index of a file while its rows are written.</summary>
internal sealed class ArchiveIndexDraft
{
    private const int KeyBytes = sizeof(ulong);

    private readonly SortedDictionary<string, ArchiveActorEntry> _actors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ArchiveTagEntry> _tags = new(StringComparer.Ordinal);
    private readonly List<ArchiveBlockEntry> _blocks = [];
    private long _firstOrdering;
    private long _lastOrdering;

    public ulong Rows { get; private set; }

    public ulong Actors => (ulong)_actors.Count;

    public void Add(in JournalRecord record)
    {
        var stored = record.Event;
        if (stored.Ordering <= _lastOrdering)
        {
            throw new InvalidOperationException($"the row at {stored.Ordering} comes after the one at {_lastOrdering}");
        }

        _firstOrdering = _firstOrdering == 0 ? stored.Ordering : _firstOrdering;
        _lastOrdering = stored.Ordering;
        Rows++;
        if (!_actors.TryGetValue(stored.PersistenceId, out var actor))
        {
            _actors.Add(stored.PersistenceId, actor = new ArchiveActorEntry { PersistenceId = stored.PersistenceId });
        }

        actor.LastSequenceNumber = Math.Max(actor.LastSequenceNumber, stored.SequenceNumber);
        Note(actor.Blocks);
        foreach (var tag in record.Tags)
        {
            if (!_tags.TryGetValue(tag, out var entry))
            {
                _tags.Add(tag, entry = new ArchiveTagEntry { Tag = tag });
            }

            Note(entry.Blocks);
        }
    }

    public void BlockClosed(long offset, int rows)
    {
        _blocks.Add(new ArchiveBlockEntry { Offset = offset, FirstOrdering = _firstOrdering, LastOrdering = _lastOrdering, Rows = (uint)rows });
        _firstOrdering = 0;
    }

    public ArchiveIndex ToMessage()
    {
        var index = new ArchiveIndex();
        index.Blocks.AddRange(_blocks);
        index.Actors.AddRange(_actors.Values);
        index.Tags.AddRange(_tags.Values);
        return index;
    }

    /// <summary>Hashes of all persistence ids and tags, ascending: whether a file has one is known without its index.</summary>
    public byte[] Keys()
    {
        ulong[] keys = [.. _actors.Keys.Select(KeyOfActor), .. _tags.Keys.Select(KeyOfTag)];
        Array.Sort(keys);
        var bytes = new byte[keys.Length * KeyBytes];
        for (var i = 0; i < keys.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * KeyBytes), keys[i]);
        }

        return bytes;
    }

    /// <summary>Where an entry stands in ordinal order; below 0: nowhere.</summary>
    public static int Find<T>(IReadOnlyList<T> entries, string name, Func<T, string> nameOf)
    {
        int low = 0, high = entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(nameOf(entries[middle]), name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    public static ulong KeyOfActor(string persistenceId) => Hash("a" + persistenceId);

    public static ulong KeyOfTag(string tag) => Hash("t" + tag);

    public static bool Contains(ReadOnlySpan<byte> keys, ulong key)
    {
        int low = 0, high = (keys.Length / KeyBytes) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = BinaryPrimitives.ReadUInt64LittleEndian(keys[(middle * KeyBytes)..]);
            if (found == key)
            {
                return true;
            }

            (low, high) = found < key ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private void Note(Google.Protobuf.Collections.RepeatedField<uint> blocks)
    {
        var block = (uint)_blocks.Count;
        if (blocks.Count == 0 || blocks[^1] != block)
        {
            blocks.Add(block);
        }
    }
}
