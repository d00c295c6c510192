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

    public static IEnumerable<JournalRecord> Records(ArchiveBlock block)
    {
        var strings = block.Strings;
        foreach (var row in block.Rows)
        {
            var stored = new StoredEvent(
                row.Ordering,
                strings[(int)row.PersistenceId],
                row.SequenceNumber,
                new DateTimeOffset(row.CreatedTicks, TimeSpan.Zero),
                row.Message.ToByteArray(),
                strings[(int)row.Manifest],
                strings[(int)row.WriterUuid]);
            yield return new JournalRecord(stored, row.Identifier, [.. row.Tags.Select(tag => strings[(int)tag])]);
        }
    }

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
