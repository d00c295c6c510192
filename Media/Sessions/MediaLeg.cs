using System.Net.Sockets;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Sessions;

/// <summary>One leg of a session. Its addresses and flags change under the session's gate.</summary>
internal sealed class MediaLeg(uint number, MediaOptions options, MediaNodeCounters counters, MediaMetrics metrics, TimeProvider time)
{
    /// <summary>Far above what a person can press, far below what would delay the others' requests.</summary>
    public const int FloorMessagesPerSecond = 20;
    public const int FloorMessagesAtOnce = 40;

    private PutMediaLeg? _put;
    private volatile BurstTape? _tape;
    private long _cameAt;

    public uint Number { get; } = number;

    public PeerAddress Rtp { get; private set; } = PeerAddress.OfRtp("", 0, AddressFamily.InterNetwork);

    public PeerAddress? Floor { get; private set; }

    public bool HasFloorChannel => Floor is not null;

    public bool Hears => _put is { SendOnly: false } && !FlowStopped;

    /// <summary>It wants no voice (Unicast Media Flow Control).</summary>
    public bool FlowStopped { get; set; }

    /// <summary>Its last burst's, also when that is over: a packet may still be under way. Null: it was not recorded.</summary>
    public BurstTape? Tape
    {
        get => _tape;
        set => _tape = value;
    }

    public string McpttId => _put?.McpttId ?? "";

    public Burst Burst { get; } = new(time, options.EndOfRtp, options.TrailingMedia);

    /// <summary>Of use while the leg has no floor channel; it knows of every permission all the same, because a channel may come and go by SIP.</summary>
    public HeldSpeech Held { get; } = new(time, counters);

    public FloorAccess Access { get; } = new(metrics, time);

    /// <summary>It came while somebody talked, and has heard nothing yet.</summary>
    public bool IsNew => Volatile.Read(ref _cameAt) != 0;

    public TokenBucket FloorBudget { get; } = new(time, FloorMessagesPerSecond, FloorMessagesAtOnce);

    public void Came(long now) => Volatile.Write(ref _cameAt, now);

    public void Heard()
    {
        if (Interlocked.Exchange(ref _cameAt, 0) is not 0 and var came)
        {
            metrics.Entered(time.GetElapsedTime(came));
        }
    }

    /// <summary>What was learnt of an address stays unless SIP names another one.</summary>
    public void Replace(PutMediaLeg put, AddressFamily family)
    {
        if (_put is null || _put.RtpRemote != put.RtpRemote || _put.Ssrc != put.Ssrc)
        {
            Rtp = PeerAddress.OfRtp(put.RtpRemote, put.Ssrc, family);
        }

        if (_put is null || _put.FloorRemote != put.FloorRemote || _put.Ssrc != put.Ssrc)
        {
            Floor = put.FloorRemote.Length > 0 ? PeerAddress.OfFloor(put.FloorRemote, put.Ssrc, family) : null;
        }

        _put = put;
    }
}
