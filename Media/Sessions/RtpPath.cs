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
        if (sender.MayTalk)
        {
            Forward(datagram, table, sender, now);
        }

        if (sender.HasFloorChannel || IsSpeech(datagram, header))
        {
            context.Report(sender.Leg, sender.Leg.Burst.OnPacket(now));
        }

        context.Counters.Add(sender.MayTalk ? MediaCounter.RtpForwarded : MediaCounter.RtpWithoutPermission);
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
        _attempts.TryTake(now)
            ? topology.LatchRtp(new SourceMatch.Packet(key, ssrc, now, context.Time, context.Options.LatchBehindNat), source)
            : null;

    private void Forward(ReadOnlySpan<byte> packet, ForwardingTable table, Route sender, long now)
    {
        var sent = 0;
        foreach (var listener in table.Listeners)
        {
            if (ReferenceEquals(listener.Leg, sender.Leg) || listener.Rtp.Destination is not { } destination || now < listener.Rtp.PausedUntil)
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
            }
        }

        context.Counters.Add(MediaCounter.RtpSent, sent);
    }
}
