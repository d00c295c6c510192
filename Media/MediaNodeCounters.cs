namespace Mcptt.Media;

public enum MediaCounter
{
    SessionsOpened,
    SessionsFailed,
    SessionsClosed,

    /// <summary>Sessions that their call, when asked, did not know as its own: closed.</summary>
    SessionsUnclaimed,

    /// <summary>Effects for a session that is not (or no longer) here.</summary>
    EffectsWithoutSession,

    /// <summary>Effects that name another node: a configured name was changed, or something routes wrongly.</summary>
    EffectsForOtherNode,

    /// <summary>Datagrams on RTP ports. Each is counted once more by what became of it: forwarded, held, not RTP, unknown, without permission.</summary>
    RtpReceived,

    /// <summary>Packets of talkers, those that were held apart.</summary>
    RtpForwarded,

    /// <summary>What they became: one per listener.</summary>
    RtpSent,

    /// <summary>Datagrams on an RTP port that are no RTP: garbage, STUN, and RTCP, which nobody was offered there.</summary>
    RtpNotRtp,

    /// <summary>From an address that is no leg's.</summary>
    RtpFromUnknown,

    /// <summary>From a leg that may not talk.</summary>
    RtpWithoutPermission,

    /// <summary>From a phone without floor channel while its request is decided. In the end each is one of the next two.</summary>
    RtpHeld,
    RtpHeldForwarded,

    /// <summary>Somebody else got the floor, nobody decided in time, or newer ones pushed it out.</summary>
    RtpHeldDropped,

    FloorDatagramsReceived,
    FloorMessagesReceived,
    FloorMessagesSent,

    /// <summary>Datagrams on a floor port without a single floor message.</summary>
    FloorGarbage,
    FloorFromUnknown,
    FloorRateLimited,

    /// <summary>Well-formed messages that no participant sends, or that carry too little.</summary>
    FloorUnhandled,

    /// <summary>Floor messages for a leg that is not there yet, pushed out by newer ones.</summary>
    FloorEarlyDropped,

    /// <summary>Times that a peer was first heard from another address than its SDP's.</summary>
    Latched,

    /// <summary>Sends that the system refused; the leg is left alone for a while.</summary>
    SendRefused,

    /// <summary>Datagrams that waited for a socket and were pushed out by newer ones.</summary>
    SendDroppedOldest,
    ReceiveFailed,

    /// <summary>Packets in finished recordings.</summary>
    RecordedPackets,

    /// <summary>Packets that listeners heard and no recording has; counted when their burst is over.</summary>
    RecordingLost,
    RecordingsFinished,

    /// <summary>Bursts that could not be recorded, or not to their end.</summary>
    RecordingsFailed,

    /// <summary>Recordings that were deleted: expired, or to make room.</summary>
    RecordingsDropped,

    CommandsSent,
    CommandsRetried,

    /// <summary>Commands that waited for their turn and were pushed out by newer ones.</summary>
    CommandsDropped,

    /// <summary>Commands given up after the last retry.</summary>
    CommandsUndelivered,
}

/// <summary>What a media node has counted since its start.</summary>
public sealed class MediaNodeCounters
{
    private readonly long[] _values = new long[Enum.GetValues<MediaCounter>().Length];

    public long this[MediaCounter counter] => Interlocked.Read(ref _values[(int)counter]);

    internal void Add(MediaCounter counter, long number = 1) => Interlocked.Add(ref _values[(int)counter], number);
}
