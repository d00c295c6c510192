using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Transports;

/// <summary>Accepts connections; no error ends the loop.</summary>
internal sealed class StreamListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly SipTransportCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public StreamListener(SipListener listener, SipTransportCounters counters, TimeProvider time, ILogger logger)
    {
        (Listener, _counters, _time, _logger) = (listener, counters, time, logger);
        _socket = new Socket(listener.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(listener.Endpoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public SipListener Listener { get; }

    public IPEndPoint Local { get; }

    /// <param name="accept">Takes the socket over and returns at once.</param>
    public void Start(Action<Socket, SipListener> accept) => _loop = Task.Run(() => AcceptAsync(accept));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync(Action<Socket, SipListener> accept)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                accept(await _socket.AcceptAsync(_stop.Token), Listener);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Out of file descriptors is the usual one: it passes when a connection ends.
                _counters.Count(TransportEvent.SocketError);
                _logger.LogWarning(fault, "Accepting on {Endpoint} failed; going on", Local);
                await Task.Delay(PauseAfterError, _time);
            }
        }
    }
}
