using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Recording;

/// <summary>Whose burst it is, and where its packets were sent to.</summary>
/// <param name="Destination">The address of ours that the pcap shows, of the talker's family.</param>
internal sealed record BurstOrigin(string Call, string CorrelationId, uint Leg, string McpttId, ulong Epoch, Func<bool, EndpointKey> Destination);

/// <summary>
/// One burst on its way to the writer. <see cref="Write"/> is part of forwarding: it copies, or counts what it cannot hand over.
/// What is counted and what the writer does with it meet only in the fields here.
/// </summary>
internal sealed class BurstTape(BurstOrigin origin, PacketQueue queue, TimeProvider time)
{
    private readonly long _baseUs = UnixTime.UsOf(time.GetUtcNow());
    private readonly long _baseTimestamp = time.GetTimestamp();
    private long _lost;
    private long _lostFirstUs = long.MaxValue;
    private long _lostLastUs;
    private volatile int _fault;

    public BurstOrigin Origin => origin;

    /// <summary>Its speech is over since <see cref="ClosedAt"/>; what was under way then may still follow.</summary>
    public bool IsClosed { get; private set; }

    public long ClosedAt { get; private set; }

    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why something was lost first.</summary>
    public RecordingFault Fault => (RecordingFault)_fault;

    public long LostFirstUs => Interlocked.Read(ref _lostFirstUs);

    public long LostLastUs => Interlocked.Read(ref _lostLastUs);

    /// <summary>The writer's alone.</summary>
    public BurstFile? File { get; set; }

    /// <summary>The writer's alone: what was said before the end lies below it in the queue.</summary>
    public long EndsAt { get; set; }

    /// <summary>The writer's alone: nothing more of this burst is recorded.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The writer's alone: what becomes of it is told.</summary>
    public bool IsDone { get; set; }

    public void Write(ReadOnlySpan<byte> packet, EndpointKey source, long now)
    {
        if (!queue.TryAdd(this, packet, source, now))
        {
            Lose(RecordingFault.WriterBehind, TimeUs(now));
        }
    }

    public void Lose(RecordingFault fault, long timeUs, long packets = 1)
    {
        Interlocked.CompareExchange(ref _fault, (int)fault, (int)RecordingFault.Unspecified);
        InterlockedMin(ref _lostFirstUs, timeUs);
        InterlockedMax(ref _lostLastUs, timeUs);
        Interlocked.Add(ref _lost, packets);
    }

    /// <summary>By the wall clock at the burst's beginning and the steady clock since.</summary>
    public long TimeUs(long timestamp) => _baseUs + (time.GetElapsedTime(_baseTimestamp, timestamp).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>False: it was closed before.</summary>
    public bool Close(long now)
    {
        if (IsClosed)
        {
            return false;
        }

        (ClosedAt, IsClosed) = (now, true);
        return true;
    }

    private static void InterlockedMin(ref long field, long value)
    {
        for (var seen = Interlocked.Read(ref field); value < seen; seen = Interlocked.Read(ref field))
        {
            Interlocked.CompareExchange(ref field, value, seen);
        }
    }

    private static void InterlockedMax(ref long field, long value)
    {
        for (var seen = Interlocked.Read(ref field); value > seen; seen = Interlocked.Read(ref field))
        {
            Interlocked.CompareExchange(ref field, value, seen);
        }
    }
}
