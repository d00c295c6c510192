using System.Diagnostics.CodeAnalysis;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>
/// The last commands that wrote events, with their first replies. A command that wrote nothing is not remembered: what did
/// nothing may be decided again. A ring that grows up to its bound; the oldest is forgotten first.
/// </summary>
internal sealed class RememberedReplies(int limit)
{
    private Entry[] _ring = [];
    private int _oldest;
    private int _count;

    public void Add(string commandId, Reply reply, long firstSequenceNumber, int count)
    {
        if (_count == _ring.Length && _count < limit)
        {
            Grow();
        }

        var entry = new Entry(commandId.GetHashCode(StringComparison.Ordinal), commandId, Replies.Shared(reply), firstSequenceNumber, count);
        if (_count == _ring.Length)
        {
            _ring[_oldest] = entry;
            _oldest = (_oldest + 1) % _ring.Length;
        }
        else
        {
            _ring[(_oldest + _count++) % _ring.Length] = entry;
        }
    }

    public bool TryGet(string commandId, [NotNullWhen(true)] out Entry? found)
    {
        var hash = commandId.GetHashCode(StringComparison.Ordinal);
        for (var i = 0; i < _count; i++)
        {
            ref readonly var entry = ref _ring[i];
            if (entry.Hash == hash && entry.CommandId == commandId)
            {
                found = entry;
                return true;
            }
        }

        found = null;
        return false;
    }

    public IEnumerable<RememberedCommand> Save()
    {
        for (var i = 0; i < _count; i++)
        {
            var entry = _ring[(_oldest + i) % _ring.Length];
            yield return new RememberedCommand
            {
                CommandId = entry.CommandId,
                Reply = entry.Reply,
                FirstSequenceNumber = entry.FirstSequenceNumber,
                Count = (uint)entry.Count,
            };
        }
    }

    public void Clear()
    {
        _ring = [];
        _oldest = _count = 0;
    }

    private void Grow()
    {
        const int firstLength = 4;
        var grown = new Entry[Math.Min(limit, Math.Max(firstLength, _ring.Length * 2))];
        for (var i = 0; i < _count; i++)
        {
            grown[i] = _ring[(_oldest + i) % _ring.Length];
        }

        (_ring, _oldest) = (grown, 0);
    }

    public readonly record struct Entry(int Hash, string CommandId, Reply Reply, long FirstSequenceNumber, int Count);
}
