using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Sockets;

internal enum SendOutcome
{
    Sent,
    Waiting,
    Refused,
}

/// <summary>
/// One UDP socket: a receive loop on the system's readiness events (no thread of its own), and sends that never block. A failure to
/// receive or send is counted and the loop goes on; it ends only when the port is closed.
/// </summary>
internal sealed class DatagramPort : IDisposable
{
    /// <summary>A longer datagram is dropped: speech packets and floor messages stay far below it.</summary>
    public const int MaxDatagramOctets = 4096;

    /// <summary>After so many datagrams in a row a flooded socket lets the others have the thread.</summary>
    private const int MaxDatagramsPerTurn = 64;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly MediaNodeCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SendBacklog _backlog;
    private readonly CancellationTokenSource _closing = new();
    private Task _receiving = Task.CompletedTask;

    public DatagramPort(Socket socket, MediaNodeCounters counters, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _socket.Blocking = false;
        _counters = counters;
        _time = time;
        _logger = logger;
        _backlog = new SendBacklog(SendWaitingAsync, counters);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public AddressFamily AddressFamily => _socket.AddressFamily;

    public void Start(IDatagramReceiver receiver) => _receiving = ReceiveAsync(receiver);

    public SendOutcome Send(ReadOnlySpan<byte> datagram, SocketAddress destination)
    {
        if (_backlog.IsBusy)
        {
            _backlog.Add(datagram, destination);
            return SendOutcome.Waiting;
        }

        try
        {
            _socket.SendTo(datagram, SocketFlags.None, destination);
            return SendOutcome.Sent;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            _backlog.Add(datagram, destination);
            return SendOutcome.Waiting;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            _counters.Add(MediaCounter.SendRefused);
            return SendOutcome.Refused;
        }
    }

    /// <summary>Ends when the receive loop has ended.</summary>
    public async Task CloseAsync()
    {
        Dispose();
        await _receiving;
    }

    public void Dispose()
    {
        if (!_closing.IsCancellationRequested)
        {
            _closing.Cancel();
            _socket.Dispose();
        }
    }

    private async Task ReceiveAsync(IDatagramReceiver receiver)
    {
        // Off the caller's thread: it opens the session and does not want the first datagrams.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // One octet more than the longest that is taken tells a longer one.
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagramOctets + 1);
        var source = new SocketAddress(_socket.AddressFamily);
        var turn = 0;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var octets = await _socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, source);
                if (octets <= MaxDatagramOctets)
                {
                    receiver.OnDatagram(buffer.AsSpan(0, octets), source);
                }

                if (++turn >= MaxDatagramsPerTurn)
                {
                    turn = 0;
                    await Task.Yield();
                }
            }
            catch (Exception failure)
            {
                await PauseAsync(failure);
            }
        }
    }

    private async Task PauseAsync(Exception failure)
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        _counters.Add(MediaCounter.ReceiveFailed);
        if (failure is not SocketException)
        {
            _logger.LogError(failure, "A datagram on port {Port} could not be handled", Port);
        }

        await Task.Delay(PauseAfterFailure, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask SendWaitingAsync(ReadOnlyMemory<byte> datagram, SocketAddress destination)
    {
        try
        {
            await _socket.SendToAsync(datagram, SocketFlags.None, destination, _closing.Token);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _counters.Add(MediaCounter.SendRefused);
        }
    }
}
