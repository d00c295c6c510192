using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Transports;

/// <summary>One UDP socket: a receive loop that no error ends, and sends from pooled buffers.</summary>
internal sealed class UdpListener : IAsyncDisposable
{
    // An error that repeats at once (ICMP reports, out of memory) must not burn a core.
    private const int ErrorsBeforePause = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly InboundMessages _inbound;
    private readonly SipTransportCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _buffer = new byte[SipLimits.MaxDatagramBytes];
    private Task _loop = Task.CompletedTask;

    public UdpListener(
        IPEndPoint endpoint, InboundMessages inbound, SipTransportOptions options, SipTransportCounters counters, TimeProvider time, ILogger logger)
    {
        (_inbound, _counters, _time, _logger) = (inbound, counters, time, logger);
        _socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = options.UdpBufferBytes,
            SendBufferSize = options.UdpBufferBytes,
        };
        try
        {
            _socket.Bind(endpoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint Local { get; }

    public void Start() => _loop = Task.Run(ReceiveAsync);

    public async ValueTask<bool> SendAsync(SipMessage message, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var count = SipWriter.GetByteCount(message);
        if (count > SipLimits.MaxDatagramBytes)
        {
            return Failed();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            if (!SipWriter.TryWrite(message, buffer, out var written))
            {
                return Failed();
            }

            var target = _socket.AddressFamily == AddressFamily.InterNetworkV6 && remote.AddressFamily == AddressFamily.InterNetwork
                ? new IPEndPoint(remote.Address.MapToIPv6(), remote.Port)
                : remote;
            await _socket.SendToAsync(buffer.AsMemory(0, written), SocketFlags.None, target, cancellationToken);
            _counters.Count(TransportEvent.MessageSent);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException or ArgumentException)
        {
            return Failed();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private bool Failed()
    {
        _counters.Count(TransportEvent.SendFailed);
        return false;
    }

    private async Task ReceiveAsync()
    {
        var source = new SocketAddress(_socket.AddressFamily);
        var template = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        for (var errors = 0; !_stop.IsCancellationRequested;)
        {
            try
            {
                var count = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, source, _stop.Token);
                errors = 0;
                var remote = ViaRouting.Plain((IPEndPoint)template.Create(source));
                _inbound.TakeDatagram(_buffer.AsSpan(0, count), new SipFlow(SipTransport.Udp, remote, Local: Local));
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // ICMP errors of earlier sends come up here; a fault of ours must not make the server deaf either.
                _counters.Count(TransportEvent.SocketError);
                _logger.LogWarning(fault, "Receiving on {Endpoint} failed; going on", Local);
                if (++errors % ErrorsBeforePause == 0)
                {
                    await Task.Delay(Pause, _time);
                }
            }
        }
    }
}
