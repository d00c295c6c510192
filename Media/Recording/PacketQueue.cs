using System.Numerics;
using System.Runtime.InteropServices;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Recording;

/// <summary>What the writer is given of one packet; the octets are the queue's own and gone when the call returns.</summary>
internal delegate void PacketHandler(BurstTape tape, ReadOnlySpan<byte> packet, EndpointKey source, long arrival);

/// <summary>
/// From the receive loops to the one writer: many producers, one consumer, a ring of cells of which a packet takes as many as it needs in a
/// row. Nobody waits for anybody and nothing is allocated: a producer claims cells by moving the tail, copies, and publishes the first cell with
/// its position, which the consumer looks for. Full: the packet is not taken.
/// <code>0 &lt;= tail - head &lt;= cells;  cell[p % cells].Published = p + 1  when the packet at position p is whole</code>
/// </summary>
internal sealed class PacketQueue
{
    /// <summary>Room for a packet of 20 ms of any speech codec in one cell.</summary>
    public const int CellOctets = 256;
    public const int MaxCells = 1 << 20;

    private readonly Cell[] _cells;
    private readonly byte[] _octets;
    private readonly byte[] _whole = new byte[DatagramPort.MaxDatagramOctets]; // The consumer's, for a packet that lies around the end of the ring.
    private readonly int _mask;
    private Positions _positions;

    /// <param name="cells">At least so many, and at least the longest packet.</param>
    public PacketQueue(int cells)
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(cells, DatagramPort.MaxDatagramOctets / CellOctets, MaxCells));
        _cells = new Cell[count];
        _octets = new byte[count * CellOctets];
        _mask = count - 1;
    }

    /// <summary>Where the next packet goes: what was added before lies below it.</summary>
    public long Tail => Volatile.Read(ref _positions.Tail);

    /// <summary>The consumer's: everything below has been handed over.</summary>
    public long Head => _positions.Head;

    public bool TryAdd(BurstTape tape, ReadOnlySpan<byte> packet, EndpointKey source, long arrival)
    {
        var needed = CellsOf(packet.Length);
        long position;
        do
        {
            position = Volatile.Read(ref _positions.Tail);
            if (position + needed - Volatile.Read(ref _positions.Head) > _cells.Length)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _positions.Tail, position + needed, position) != position);

        ref var cell = ref _cells[position & _mask];
        (cell.Tape, cell.Source, cell.Arrival, cell.Octets) = (tape, source, arrival, packet.Length);
        Store(packet, (int)(position & _mask) * CellOctets);
        Volatile.Write(ref cell.Published, position + 1);
        return true;
    }

    /// <summary>Hands over what is whole, in order, at most so many packets. Of one thread only.</summary>
    public int Drain(PacketHandler handler, int most)
    {
        var handled = 0;
        for (; handled < most; handled++)
        {
            var position = _positions.Head;
            ref var cell = ref _cells[position & _mask];
            if (Volatile.Read(ref cell.Published) != position + 1)
            {
                break;
            }

            var tape = cell.Tape!; // Written before the cell was published.
            cell.Tape = null;
            var octets = cell.Octets;
            try
            {
                handler(tape, Load((int)(position & _mask) * CellOctets, octets), cell.Source, cell.Arrival);
            }
            finally
            {
                Volatile.Write(ref _positions.Head, position + CellsOf(octets));
            }
        }

        return handled;
    }

    private static int CellsOf(int octets) => Math.Max(1, (octets + CellOctets - 1) / CellOctets);

    private void Store(ReadOnlySpan<byte> packet, int start)
    {
        var untilEnd = Math.Min(packet.Length, _octets.Length - start);
        packet[..untilEnd].CopyTo(_octets.AsSpan(start));
        packet[untilEnd..].CopyTo(_octets);
    }

    private ReadOnlySpan<byte> Load(int start, int octets)
    {
        var untilEnd = _octets.Length - start;
        if (octets <= untilEnd)
        {
            return _octets.AsSpan(start, octets);
        }

        _octets.AsSpan(start).CopyTo(_whole);
        _octets.AsSpan(0, octets - untilEnd).CopyTo(_whole.AsSpan(untilEnd));
        return _whole.AsSpan(0, octets);
    }

    private struct Cell
    {
        public long Published;
        public long Arrival;
        public BurstTape? Tape;
        public EndpointKey Source;
        public int Octets;
    }

    // Each in a cache line of its own: producers move the one, the consumer the other.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Positions
    {
        [FieldOffset(64)]
        public long Tail;

        [FieldOffset(128)]
        public long Head;
    }
}
