using System.Threading.Channels;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Transports;

/// <summary>
/// Hands messages to the receiver in a few lanes chosen by Call-ID, so that those of one call stay in order and a costly one delays
/// only its lane. Each lane is bounded.
/// </summary>
internal sealed class InboundLanes : IAsyncDisposable
{
    private readonly Channel<(SipMessage Message, SipFlow Flow)>[] _lanes;
    private readonly Task[] _readers;
    private readonly ISipReceiver _receiver;
    private readonly SipTransportCounters _counters;
    private readonly ILogger _logger;

    public InboundLanes(ISipReceiver receiver, SipTransportOptions options, SipTransportCounters counters, ILogger logger)
    {
        (_receiver, _counters, _logger) = (receiver, counters, logger);
        var capacity = new BoundedChannelOptions(options.LaneCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait };
        _lanes = [.. Enumerable.Range(0, Math.Max(1, options.Lanes)).Select(_ => Channel.CreateBounded<(SipMessage, SipFlow)>(capacity))];
        _readers = [.. _lanes.Select(lane => Task.Run(() => ReadAsync(lane.Reader)))];
    }

    /// <summary>False: the lane is full.</summary>
    public bool TryPost(SipMessage message, SipFlow flow) => Lane(message).TryWrite((message, flow));

    /// <summary>Waits while the lane is full.</summary>
    public ValueTask PostAsync(SipMessage message, SipFlow flow, CancellationToken cancellationToken) =>
        Lane(message).WriteAsync((message, flow), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Writer.TryComplete();
        }

        await Task.WhenAll(_readers);
    }

    private ChannelWriter<(SipMessage Message, SipFlow Flow)> Lane(SipMessage message) =>
        _lanes[(uint)string.GetHashCode(message.CallId, StringComparison.Ordinal) % (uint)_lanes.Length].Writer;

    private async Task ReadAsync(ChannelReader<(SipMessage Message, SipFlow Flow)> lane)
    {
        await foreach (var (message, flow) in lane.ReadAllAsync())
        {
            try
            {
                _receiver.OnMessage(message, flow);
            }
            catch (Exception fault)
            {
                // One message must not take its lane down with it.
                _counters.Count(TransportEvent.UserFault);
                _logger.LogError(fault, "A message from {Flow} was not handled", flow);
            }
        }
    }
}
