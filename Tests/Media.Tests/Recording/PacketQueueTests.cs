using Mcptt.Media.Recording;
using Mcptt.Media.Sockets;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Recording;

public sealed class PacketQueueTests
{
    private static readonly EndpointKey Source = new(0, 7, 9);

    [Fact]
    public void Packets_of_any_length_come_out_as_they_went_in_also_around_the_end_of_the_ring()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var queue = new PacketQueue(32);
        var tape = Tapes.One(queue);
        var expected = new Queue<byte[]>();
        for (var step = 0; step < 5_000; step++)
        {
            var packet = new byte[random.Next(0, random.Next(2) == 0 ? 200 : DatagramPort.MaxDatagramOctets + 1)];
            random.NextBytes(packet);
            if (queue.TryAdd(tape, packet, Source, step))
            {
                expected.Enqueue(packet);
            }

            if (random.Next(3) == 0)
            {
                queue.Drain((of, octets, source, _) => Assert.True(of == tape && source == Source && octets.SequenceEqual(expected.Dequeue()), $"seed {seed}, step {step}"), random.Next(1, 20));
            }
        }

        queue.Drain((_, octets, _, _) => Assert.Equal(expected.Dequeue(), octets.ToArray()), int.MaxValue);
        Assert.Empty(expected);
    }

    [Fact]
    public void A_full_queue_takes_nothing_and_what_is_in_it_stays()
    {
        var queue = new PacketQueue(16);
        var tape = Tapes.One(queue);
        for (byte i = 0; i < 16; i++)
        {
            Assert.True(queue.TryAdd(tape, [i], Source, i));
        }

        Assert.False(queue.TryAdd(tape, [99], Source, 99));
        Assert.Equal(1, queue.Drain((_, octets, _, _) => Assert.Equal(0, octets[0]), 1));
        Assert.False(queue.TryAdd(tape, new byte[PacketQueue.CellOctets + 1], Source, 99));
        Assert.True(queue.TryAdd(tape, [16], Source, 16));
        var next = 1;
        Assert.Equal(16, queue.Drain((_, octets, _, _) => Assert.Equal(next++, octets[0]), 100));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_packet()
    {
        var queue = new PacketQueue(64);
        var tape = Tapes.One(queue);
        var packet = new byte[172];
        PacketHandler handler = static (_, _, _, _) => { };
        queue.TryAdd(tape, packet, Source, 0);
        queue.Drain(handler, 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            tape.Write(packet, Source, i);
            queue.Drain(handler, 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, tape.Lost);
    }

    [Fact]
    public async Task Each_of_many_producers_keeps_its_order_and_each_packet_is_taken_or_counted()
    {
        const int producers = 4;
        const int each = 20_000;
        var queue = new PacketQueue(256);
        var tapes = Enumerable.Range(0, producers).Select(_ => Tapes.One(queue)).ToList();
        var seen = tapes.ToDictionary(tape => tape, _ => (Last: -1L, Count: 0L));
        var writing = Task.WhenAll(tapes.Select((tape, producer) => Task.Run(() =>
        {
            var packet = new byte[100 + (300 * producer)];
            for (var i = 0; i < each; i++)
            {
                BitConverter.TryWriteBytes(packet, i);
                BitConverter.TryWriteBytes(packet.AsSpan(packet.Length - sizeof(int)), i);
                tape.Write(packet, Source, i);
            }
        })));
        while (!writing.IsCompleted || queue.Drain(Check, 1) > 0)
        {
            queue.Drain(Check, 64);
        }

        await writing;
        Assert.All(tapes, tape => Assert.Equal(each, seen[tape].Count + tape.Lost));
        Assert.True(seen.Values.Sum(one => one.Count) > 0);

        void Check(BurstTape tape, ReadOnlySpan<byte> packet, EndpointKey source, long arrival)
        {
            var (last, count) = seen[tape];
            Assert.True(arrival > last && BitConverter.ToInt32(packet) == arrival && BitConverter.ToInt32(packet[^sizeof(int)..]) == arrival);
            seen[tape] = (arrival, count + 1);
        }
    }
}
