using System.Runtime.InteropServices;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>A block while it is filled, and back from a block to rows.</summary>
internal sealed class ArchiveBlockDraft
{
    private readonly ArchiveBlock _block = new();
    private readonly Dictionary<string, uint> _strings = new(StringComparer.Ordinal);
    private long _bytes;

    public int Rows => _block.Rows.Count;

    public bool IsFull => Rows >= ArchiveFormat.BlockRows || _bytes >= ArchiveFormat.BlockBytes;

    public void Add(in JournalRecord record)
    {
        var stored = record.Event;
        var row = new ArchiveRow
        {
            Ordering = stored.Ordering,
            PersistenceId = Index(stored.PersistenceId),
            SequenceNumber = stored.SequenceNumber,
            CreatedTicks = stored.Created.UtcTicks,
            Message = UnsafeByteOperations.UnsafeWrap(stored.Message),
            Identifier = record.Identifier,
            Manifest = Index(stored.Manifest),
            WriterUuid = Index(stored.WriterUuid),
        };
        row.Tags.AddRange(record.Tags.Select(Index));
        _block.Rows.Add(row);
        _bytes += stored.Message.Length;
    }

    public ArchiveBlock ToMessage() => _block;

    public static IEnumerable<JournalRecord> Records(ArchiveBlock block) =>
        block.Rows.Select(row => new JournalRecord(Event(block, row), row.Identifier, [.. row.Tags.Select(tag => block.Strings[(int)tag])]));

    public static IEnumerable<StoredEvent> Events(ArchiveBlock block) => block.Rows.Select(row => Event(block, row));

    public static IEnumerable<StoredEvent> EventsOfActor(ArchiveBlock block, string persistenceId)
    {
        var index = block.Strings.IndexOf(persistenceId);
        return index < 0 ? [] : block.Rows.Where(row => row.PersistenceId == index).Select(row => Event(block, row));
    }

    public static IEnumerable<StoredEvent> EventsOfTag(ArchiveBlock block, string tag)
    {
        var index = block.Strings.IndexOf(tag);
        return index < 0 ? [] : block.Rows.Where(row => row.Tags.Contains((uint)index)).Select(row => Event(block, row));
    }

    private static StoredEvent Event(ArchiveBlock block, ArchiveRow row) =>
        new(
            row.Ordering,
            block.Strings[(int)row.PersistenceId],
            row.SequenceNumber,
            new DateTimeOffset(row.CreatedTicks, TimeSpan.Zero),
            Bytes(row.Message),
            block.Strings[(int)row.Manifest],
            block.Strings[(int)row.WriterUuid]);

    // A parsed message has an array of its own, of its length, and nobody else sees it.
    private static byte[] Bytes(ByteString message) =>
        MemoryMarshal.TryGetArray(message.Memory, out var segment) && segment.Array is { } array && array.Length == message.Length ? array : message.ToByteArray();

    private uint Index(string text)
    {
        if (!_strings.TryGetValue(text, out var index))
        {
            index = (uint)_block.Strings.Count;
            _strings.Add(text, index);
            _block.Strings.Add(text);
        }

        return index;
    }
}
