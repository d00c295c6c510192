using System.Buffers.Binary;
using System.Collections.Concurrent;
using Mcptt.Media.Sessions;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Sessions;

public sealed class HeldSpeechTests
{
    private readonly FakeClock _clock = new();
    private readonly MediaNodeCounters _counters = new();
    private readonly HeldSpeech _held;

    public HeldSpeechTests() => _held = new HeldSpeech(_clock, _counters);

    [Fact]
    public void Nothing_is_held_before_a_packet_was_reported()
    {
        Assert.Equal(HeldOutcome.Refused, Offer(1, reported: false));

        Assert.Null(Permit());
    }

    [Fact]
    public void What_is_held_leaves_first_and_live_packets_queue_up_behind_it()
    {
        Assert.Equal(HeldOutcome.Kept, Offer(1, reported: true));
        Assert.Equal(HeldOutcome.Kept, Offer(2, reported: false));
        var drain = Assert.NotNull(Permit());

        Assert.Equal(1, Take(drain));
        Assert.Equal(HeldOutcome.Kept, Offer(3, reported: true));
        Assert.Equal(2, Take(drain));
        Assert.Equal(3, Take(drain));
        Assert.Null(Take(drain));

        Assert.Equal(HeldOutcome.Pass, Offer(4, reported: false));
    }

    [Fact]
    public void Oldest_packet_goes_when_there_are_too_many()
    {
        for (var number = 0; number < HeldSpeech.MaxPackets + 2; number++)
        {
            Offer(number, reported: number == 0);
        }

        Assert.Equal(Enumerable.Range(2, HeldSpeech.MaxPackets), TakeAll(Permit()!.Value));
        Assert.Equal(2, _counters[MediaCounter.RtpHeldDropped]);
    }

    [Fact]
    public void Oldest_packets_go_when_there_are_too_many_octets()
    {
        const int Octets = 1500;
        const int Fit = HeldSpeech.MaxOctets / Octets;
        for (var number = 0; number < 3 * Fit; number++)
        {
            Offer(number, reported: number == 0, Octets);
        }

        Assert.Equal(Enumerable.Range(2 * Fit, Fit), TakeAll(Permit()!.Value));
        Assert.Equal(2 * Fit, _counters[MediaCounter.RtpHeldDropped]);
    }

    [Fact]
    public void Drain_of_a_leg_that_sends_faster_than_it_comes_to_an_end()
    {
        Offer(0, reported: true);
        var drain = Permit()!.Value;
        var taken = 0;
        while (Take(drain) is not null)
        {
            taken++;
            Offer(taken, reported: false);
            Offer(taken, reported: false);
        }

        Assert.Equal(1 + HeldSpeech.MaxBehind, taken);
        Assert.Equal((2 * taken) - HeldSpeech.MaxBehind, _counters[MediaCounter.RtpHeldDropped]);
    }

    [Fact]
    public void Permission_that_is_gone_ends_the_drain_and_what_is_left()
    {
        Offer(1, reported: true);
        Offer(2, reported: false);
        var drain = Permit()!.Value;
        Assert.Equal(1, Take(drain));

        _held.Forbid(decided: true);

        Assert.Null(Take(drain));
        Assert.Equal(1, _counters[MediaCounter.RtpHeldDropped]);
        Assert.Equal(HeldOutcome.Refused, Offer(3, reported: false));
    }

    [Fact]
    public void Drain_that_was_overtaken_by_another_takes_nothing()
    {
        Offer(1, reported: true);
        var first = Permit()!.Value;
        _held.Forbid(decided: true);
        Offer(2, reported: true);
        var second = Permit()!.Value;

        Assert.Null(Take(first));
        Assert.Equal(2, Take(second));
    }

    [Fact]
    public void Same_empty_permissions_again_decide_nothing()
    {
        Offer(1, reported: true);

        _held.Forbid(decided: false);

        Assert.Equal(1, Take(Permit()!.Value));
    }

    [Fact]
    public void Nothing_is_held_longer_than_its_time_and_a_new_report_begins_anew()
    {
        Offer(1, reported: true);
        _clock.Advance(HeldSpeech.HoldFor);
        Offer(2, reported: false);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(HeldOutcome.Refused, Offer(3, reported: false));
        Assert.Equal(2, _counters[MediaCounter.RtpHeldDropped]);
        Assert.Equal(HeldOutcome.Kept, Offer(4, reported: true));
        Assert.Equal([4], TakeAll(Permit()!.Value));
    }

    [Fact]
    public async Task Order_is_kept_whenever_the_permission_comes()
    {
        const int Packets = 20;
        for (var round = 0; round < 300; round++)
        {
            var held = new HeldSpeech(_clock, _counters);
            var sent = new ConcurrentQueue<int>();
            var permitAt = round % Packets;
            using var reached = new SemaphoreSlim(0);
            var live = Task.Run(() =>
            {
                for (var number = 0; number < Packets; number++)
                {
                    if (held.Offer(PacketOf(number, 172), reported: number == 0, _clock.GetTimestamp()) == HeldOutcome.Pass)
                    {
                        sent.Enqueue(number);
                    }

                    if (number == permitAt)
                    {
                        reached.Release();
                    }
                }
            });
            await reached.WaitAsync();
            var drain = Assert.NotNull(held.Permit(_clock.GetTimestamp()));
            var room = new byte[4096];
            while (held.TryTake(drain, room, out var octets))
            {
                sent.Enqueue(NumberOf(room.AsSpan(0, octets)));
            }

            await live;
            Assert.Equal(Enumerable.Range(0, Packets), sent);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_talkers_packet_nor_for_one_that_is_held()
    {
        var packet = PacketOf(1, 172);
        Offer(0, reported: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _held.Offer(packet, reported: false, 0);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        TakeAll(Permit()!.Value);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _held.Offer(packet, reported: false, 0);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private HeldOutcome Offer(int number, bool reported, int octets = 172) => _held.Offer(PacketOf(number, octets), reported, _clock.GetTimestamp());

    private int? Permit() => _held.Permit(_clock.GetTimestamp());

    private int? Take(int drain)
    {
        var room = new byte[4096];
        return _held.TryTake(drain, room, out var octets) ? NumberOf(room.AsSpan(0, octets)) : null;
    }

    private List<int> TakeAll(int drain)
    {
        var all = new List<int>();
        while (Take(drain) is { } number)
        {
            all.Add(number);
        }

        return all;
    }

    private static byte[] PacketOf(int number, int octets)
    {
        var packet = new byte[octets];
        packet.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(packet, number);
        return packet;
    }

    private static int NumberOf(ReadOnlySpan<byte> packet)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(packet);
        Assert.False(packet[4..].ContainsAnyExcept((byte)number));
        return number;
    }
}
