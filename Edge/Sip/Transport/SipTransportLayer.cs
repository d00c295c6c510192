using System.Net;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Edge.Transports;

/// <summary>RFC 3261 18: the listeners, the connections and where a message goes.</summary>
public sealed class SipTransportLayer : ISipTransport, IAsyncDisposable
{
    private readonly SipTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<UdpListener> _udp = [];
    private readonly List<StreamListener> _streamListeners = [];
    private InboundLanes? _lanes;
    private StreamConnections? _streams;
    private int _disposed;

    public SipTransportLayer(SipTransportOptions options, TimeProvider time, ILogger? logger = null)
    {
        (_options, _time, _logger) = (options, time, logger ?? NullLogger.Instance);
        Counters = new SipTransportCounters(options.Meters);
        Counters.Connections(() => Connections);
    }

    public SipTransportCounters Counters { get; }

    public int Connections => _streams?.Count ?? 0;

    /// <summary>What the sockets are bound to, in the order of the options; known after the start.</summary>
    public IReadOnlyList<SipListener> Bound { get; private set; } = [];

    /// <summary>Binds all sockets, then begins to receive. Throws <see cref="System.Net.Sockets.SocketException"/> when a port is taken; nothing is left open then.</summary>
    public async Task StartAsync(ISipReceiver receiver, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _lanes = new InboundLanes(receiver, _options, Counters, _logger);
        var inbound = new InboundMessages(_lanes, _options, Counters, Answer);
        _streams = new StreamConnections(_options, inbound, receiver, Counters, _time, _logger);
        try
        {
            Bound = [.. _options.Listeners.Select(listener => Bind(listener, inbound))];
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        _udp.ForEach(listener => listener.Start());
        _streamListeners.ForEach(listener => listener.Start(_streams.Accept));
    }

    public async ValueTask<bool> SendAsync(SipMessage message, SipFlow destination, CancellationToken cancellationToken)
    {
        if (destination.Transport == SipTransport.Udp)
        {
            return Socket(destination) is { } socket && await socket.SendAsync(message, destination.Remote, cancellationToken);
        }

        if (_streams is not { } streams)
        {
            return false;
        }

        if (streams.Find(destination) is { } open)
        {
            return open.TrySend(message);
        }

        // A flow is that connection and no other (RFC 5626 5.3): its remote port was the client's own choice and nobody listens there.
        if (destination.ConnectionId.Length > 0)
        {
            Counters.Count(TransportEvent.SendFailed);
            return false;
        }

        try
        {
            return await streams.GetOrConnectAsync(destination.Transport, destination.Remote, cancellationToken) is { } opened && opened.TrySend(message);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public ValueTask<bool> SendResponseAsync(ResponseMessage response, SipFlow requestFlow, CancellationToken cancellationToken)
    {
        var open = requestFlow.Transport != SipTransport.Udp && _streams?.Find(requestFlow) is not null;
        if (open || ViaRouting.ResponseTarget(response.TopVia, requestFlow) is not { } target)
        {
            return SendAsync(response, requestFlow, cancellationToken);
        }

        return SendAsync(response, requestFlow with { Remote = target, ConnectionId = "" }, cancellationToken);
    }

    public SipFlow ChooseTransport(RequestMessage request, SipFlow destination) =>
        destination.Transport == SipTransport.Udp && _options.TcpUpstreams.Contains(destination.Remote)
        && SipWriter.GetByteCount(request) > _options.MaxUdpRequestBytes
            ? new SipFlow(SipTransport.Tcp, destination.Remote)
            : destination;

    public (string Host, int Port) SentBy(SipTransport transport, IPEndPoint destination)
    {
        var listeners = Bound.Where(one => one.Transport == transport).ToList();
        var bound = (listeners.Find(one => one.Endpoint.AddressFamily == destination.AddressFamily) ?? (listeners.Count > 0 ? listeners[0] : Bound.Count > 0 ? Bound[0] : null))?.Endpoint;
        var port = bound?.Port ?? ViaRouting.DefaultPortOf(transport);
        if (_options.AdvertisedHost.Length > 0)
        {
            return (_options.AdvertisedHost, port);
        }

        var address = bound?.Address ?? IPAddress.Loopback;
        return (ViaRouting.HostOf(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? LocalAddress.Towards(destination.Address) : address), port);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        foreach (var listener in _streamListeners)
        {
            await listener.DisposeAsync();
        }

        foreach (var socket in _udp)
        {
            await socket.DisposeAsync();
        }

        await (_streams?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_lanes?.DisposeAsync() ?? ValueTask.CompletedTask);
        Counters.Dispose();
    }

    // A failure is counted where it happens; the peer sends its request again.
    private void Answer(ResponseMessage response, SipFlow flow) => _ = SendResponseAsync(response, flow, CancellationToken.None).AsTask();

    private SipListener Bind(SipListener listener, InboundMessages inbound)
    {
        if (listener.Transport == SipTransport.Udp)
        {
            var socket = new UdpListener(listener.Endpoint, inbound, _options, Counters, _time, _logger);
            _udp.Add(socket);
            return listener with { Endpoint = socket.Local };
        }

        if (listener.Transport == SipTransport.Tls && listener.Certificate is null)
        {
            throw new InvalidOperationException($"The TLS listener {listener.Endpoint} has no certificate.");
        }

        var accepting = new StreamListener(listener, Counters, _time, _logger);
        _streamListeners.Add(accepting);
        return listener with { Endpoint = accepting.Local };
    }

    private UdpListener? Socket(SipFlow destination) =>
        _udp.Find(socket => socket.Local.Equals(destination.Local))
        ?? _udp.Find(socket => socket.Local.AddressFamily == destination.Remote.AddressFamily)
        ?? _udp.FirstOrDefault();
}
