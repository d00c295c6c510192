using System.Diagnostics;
using System.Net;
using Mcptt.Domain.Telemetry;
using Mcptt.Media.Inward;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Sessions;

/// <summary>Floor messages both ways. What is no floor message of a participant of this session ends here, counted.</summary>
internal sealed class FloorPath(SessionContext context, SessionTopology topology, DatagramPort port) : IDatagramReceiver
{
    private readonly EarlyFloorMessages _early = new(context.Counters);
    private readonly TokenBucket _attempts = new(context.Time, SourceMatch.AttemptsPerSecond, SourceMatch.AttemptsPerSecond);

    public void OnDatagram(ReadOnlySpan<byte> datagram, SocketAddress source)
    {
        context.Counters.Add(MediaCounter.FloorDatagramsReceived);
        MediaLeg? leg = null;
        var messages = 0;
        var now = context.Time.GetTimestamp();
        for (var rest = datagram; !rest.IsEmpty;)
        {
            var decoded = FloorCodec.TryDecode(rest, out var message, out var octets);
            if (octets == 0)
            {
                break;
            }

            rest = rest[octets..];
            if (!decoded)
            {
                continue;
            }

            messages++;
            leg ??= Sender(source, message!.Ssrc, now);
            if (leg is null)
            {
                context.Counters.Add(MediaCounter.FloorFromUnknown);
                return;
            }

            Handle(leg, message!, now);
        }

        context.Counters.Add(messages > 0 ? MediaCounter.FloorMessagesReceived : MediaCounter.FloorGarbage, Math.Max(1, messages));
    }

    public void Send(SendFloorMessages order)
    {
        foreach (var datagram in order.Datagrams)
        {
            foreach (var number in datagram.Legs)
            {
                Send(number, datagram.Payload.Span);
            }
        }
    }

    /// <summary>The leg is there now: what was said to it before.</summary>
    public void Welcome(uint number)
    {
        foreach (var message in _early.Take(number))
        {
            Send(number, message);
        }
    }

    private void Send(uint number, ReadOnlySpan<byte> message)
    {
        if (topology.Find(number) is not { } leg)
        {
            // The call adds legs and its floor actor speaks to them: two actors, whose effects may overtake each other.
            if (!topology.HasLeft(number))
            {
                _early.Keep(number, message);
            }

            return;
        }

        if (leg.Floor?.Destination is { } destination && port.Send(message, destination) != SendOutcome.Refused)
        {
            context.Counters.Add(MediaCounter.FloorMessagesSent);
            leg.Access.Told(message);
        }
    }

    private MediaLeg? Sender(SocketAddress source, uint ssrc, long now)
    {
        var key = EndpointKey.From(source);
        var leg = topology.Table.FindFloorSource(key);
        if (leg is null && (topology.Table.IsAnnounced(key) || _attempts.TryTake(now)))
        {
            leg = topology.LatchFloor(new SourceMatch.Packet(key, ssrc, now, context.Time, context.Options.LatchBehindNat), source);
        }

        leg?.Floor?.Seen(now, ssrc);
        return leg;
    }

    private void Handle(MediaLeg leg, FloorMessage message, long now)
    {
        if (!leg.FloorBudget.TryTake(now))
        {
            context.Counters.Add(MediaCounter.FloorRateLimited);
            return;
        }

        using var span = Traces.IsOn ? Traces.Begin($"floor {message.Type}", ActivityKind.Server) : null;
        span?.SetTag(Traces.Session, context.Session).SetTag(Traces.Leg, leg.Number).SetTag(Traces.Correlation, context.CorrelationId);
        if (FloorTranslation.ToCommand(leg.Number, message) is { } command)
        {
            if (message.Type == FloorMessageType.FloorRequest)
            {
                leg.Access.Asked(now, bySpeech: false);
            }
            else if (message.Type == FloorMessageType.FloorRelease)
            {
                leg.Access.Forget();
            }

            context.Send(leg.Number, command);
        }
        else
        {
            context.Counters.Add(MediaCounter.FloorUnhandled);
        }
    }
}
