using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>From bytes to a message in its lane. What is malformed and can be answered gets its 400, 413 or 505 here, without a transaction.</summary>
internal sealed class InboundMessages(
    InboundLanes lanes, SipTransportOptions options, SipTransportCounters counters, Action<ResponseMessage, SipFlow> respond)
{
    public void TakeDatagram(ReadOnlySpan<byte> datagram, SipFlow flow)
    {
        if (TryRead(datagram, flow, out var message) && !lanes.TryPost(message!, flow))
        {
            counters.Count(TransportEvent.LaneFull);
        }
    }

    public ValueTask TakeStreamMessageAsync(ReadOnlySpan<byte> bytes, SipFlow flow, CancellationToken cancellationToken)
    {
        if (!TryRead(bytes, flow, out var message))
        {
            return ValueTask.CompletedTask;
        }

        if (lanes.TryPost(message!, flow))
        {
            return ValueTask.CompletedTask;
        }

        counters.Count(TransportEvent.LaneFull);
        return lanes.PostAsync(message!, flow, cancellationToken);
    }

    /// <summary>Answers the head of a message that a stream cannot go on after.</summary>
    public void TakeInvalidHead(ReadOnlySpan<byte> head, SipFlow flow, SipParseError fault)
    {
        counters.Count(TransportEvent.Malformed);
        // Its body is missing here, so it cannot be accepted; what is wanted is the head to answer.
        if (!SipParser.TryParse(head, out var message, out _, options.Limits) || message is not null)
        {
            Refuse(message, fault, flow);
        }
    }

    private bool TryRead(ReadOnlySpan<byte> bytes, SipFlow flow, out SipMessage? message)
    {
        if (!SipParser.TryParse(bytes, out message, out var fault, options.Limits))
        {
            counters.Count(fault.Code == SipParseErrorCode.Empty ? TransportEvent.KeepAlive : TransportEvent.Malformed);
            Refuse(message, fault, flow);
            return false;
        }

        counters.Count(TransportEvent.MessageReceived);
        if (message is RequestMessage request)
        {
            ViaRouting.Stamp(request, flow.Remote);
        }

        return true;
    }

    // No response to an ACK, ever (RFC 3261 17).
    private void Refuse(SipMessage? message, SipParseError fault, SipFlow flow)
    {
        if (message is RequestMessage { IsAck: false } request)
        {
            ViaRouting.Stamp(request, flow.Remote);
            var reason = fault.Status == 400 ? $"Bad Request - {fault.Detail}" : null;
            respond(request.CreateResponse(fault.Status, reason, toTag: "malformed"), flow);
        }
    }
}
