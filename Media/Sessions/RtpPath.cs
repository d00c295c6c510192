using System.Net;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Rtp;

namespace Mcptt.Media.Sessions;

/// <summary>
/// The short cut: socket -> header check -> forwarding table -> sockets. No mailbox, no lock between sessions, nothing allocated
/// per packet. The payload is not touched, whatever it is.
/// </summary>
internal sealed class RtpPath(SessionContext context, SessionTopology topology, DatagramPort port) : IDatagramReceiver
{
    /// <summary>How long a leg is passed over after the system refused to send to it.</summary>
    public static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(1);

    private readonly TokenBucket _attempts = new(context.Time, SourceMatch.AttemptsPerSecond, SourceMatch.AttemptsPerSecond);
    private readonly long _pauseAfterRefusal = (long)(PauseAfterRefusal.TotalSeconds * context.Time.TimestampFrequency);

    public void OnDatagram(ReadOnlySpan<byte> datagram, SocketAddress source)
    {
        context.Counters.Add(MediaCounter.RtpReceived);
        if (RtpDemultiplexer.Classify(datagram) != DatagramKind.Rtp || !RtpHeader.TryRead(datagram, out var header))
        {
            // RTCP too: rtcp-mux (RFC 5761) is not in our SDP, so nobody expects it here, and it is no sign that somebody speaks.
            context.Counters.Add(MediaCounter.RtpNotRtp);
            return;
        }

        var now = context.Time.GetTimestamp();
        var table = topology.Table;
        var key = EndpointKey.From(source);
        var sender = table.FindSource(key);
        if (sender is null)
        {
            sender = Latch(key, source, header.Ssrc, now);
            table = topology.Table;
        }

        if (sender is null)
        {
            context.Counters.Add(MediaCounter.RtpFromUnknown);
            return;
        }

        sender.Rtp.Seen(now, header.Ssrc);
        var report = sender.HasFloorChannel || IsSpeech(datagram, header) ? sender.Leg.Burst.OnPacket(now) : BurstReport.None;
        var outcome = Decide(datagram, sender, report, now);
        if (outcome == HeldOutcome.Pass)
        {
            Forward(datagram, table, sender.Leg, key, now);
            if (header.SequenceNumber % MediaMetrics.PacketsPerTimed == 0)
            {
                context.Metrics.Forwarded(context.Time.GetElapsedTime(now));
            }
        }
        else if (outcome == HeldOutcome.Kept && report == BurstReport.Started)
        {
            sender.Leg.Access.Asked(now, bySpeech: true);
        }

        context.Report(sender.Leg, report);
        context.Counters.Add(
            outcome switch
            {
                HeldOutcome.Pass => MediaCounter.RtpForwarded,
                HeldOutcome.Kept => MediaCounter.RtpHeld,
                _ => MediaCounter.RtpWithoutPermission,
            }
        );
    }

    /// <summary>What was held of a leg that may talk now. Live packets queue up behind it meanwhile and are sent here too.</summary>
    public void SendHeld(MediaLeg leg, int drain)
    {
        var source = topology.SourceOf(leg);
        Span<byte> packet = stackalloc byte[DatagramPort.MaxDatagramOctets];
        while (leg.Held.TryTake(drain, packet, out var octets))
        {
            Forward(packet[..octets], topology.Table, leg, source, context.Time.GetTimestamp());
            context.Counters.Add(MediaCounter.RtpHeldForwarded);
        }
    }

    /// <summary>
    /// What a phone without floor channel sends while nobody speaks: comfort noise (RFC 3389), or a payload whose octets are all the same
    /// (digital silence of G.711). It takes no floor and keeps none.
    /// </summary>
    internal static bool IsSpeech(ReadOnlySpan<byte> packet, RtpHeader header)
    {
        if (header.PayloadType == RtpPayloadType.ComfortNoise)
        {
            return false;
        }

        // A padding that makes no sense is one that is encrypted, so somebody took the trouble to send something.
        return !header.TryGetPayload(packet, out var payload) || (!payload.IsEmpty && payload.ContainsAnyExcept(payload[0]));
    }

    private Route? Latch(EndpointKey key, SocketAddress source, uint ssrc, long now) =>
        topology.Table.IsAnnounced(key) || _attempts.TryTake(now)
            ? topology.LatchRtp(new SourceMatch.Packet(key, ssrc, now, context.Time, context.Options.LatchBehindNat), source)
            : null;

    // Of a phone without floor channel its held speech says who may talk, not the table: the two change one after the other, and the order of packets hangs on it.
    private static HeldOutcome Decide(ReadOnlySpan<byte> packet, Route sender, BurstReport report, long now) =>
        !sender.HasFloorChannel ? sender.Leg.Held.Offer(packet, report == BurstReport.Started, now)
        : sender.MayTalk ? HeldOutcome.Pass
        : HeldOutcome.Refused;

    private void Forward(ReadOnlySpan<byte> packet, ForwardingTable table, MediaLeg sender, EndpointKey source, long now)
    {
        var sent = 0;
        foreach (var listener in table.Listeners)
        {
            if (ReferenceEquals(listener.Leg, sender) || listener.Rtp.Destination is not { } destination || now < listener.Rtp.PausedUntil)
            {
                continue;
            }

            if (port.Send(packet, destination) == SendOutcome.Refused)
            {
                listener.Rtp.PausedUntil = now + _pauseAfterRefusal;
            }
            else
            {
                sent++;
                if (listener.Leg.IsNew)
                {
                    listener.Leg.Heard();
                }
            }
        }

        context.Counters.Add(MediaCounter.RtpSent, sent);
        sender.Tape?.Write(packet, source, now);
    }
}
