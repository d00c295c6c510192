using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Transports;

/// <summary>All TCP and TLS connections: those accepted and those that we opened.</summary>
internal sealed class StreamConnections(
    SipTransportOptions options, InboundMessages inbound, ISipReceiver receiver, SipTransportCounters counters, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly ConnectionTable _table = new(options);
    private readonly ConcurrentDictionary<(SipTransport Transport, IPEndPoint Remote), Task<StreamConnection?>> _connecting = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _stop = new();

    // Ids stand in the journal with the flows of registrations: those of an earlier process must never name a connection of this one.
    private readonly string _idPrefix = $"{time.GetUtcNow().UtcTicks:x}";
    private long _lastId;

    public int Count => _table.Count;

    public void Accept(Socket socket, SipListener listener) => Track(AcceptAsync(socket, listener));

    public StreamConnection? Find(SipFlow flow) =>
        flow.ConnectionId.Length > 0 ? _table.ById(flow.ConnectionId) : _table.ByRemote(flow.Transport, flow.Remote);

    /// <summary>The connection to this remote, opened if need be; null: there is none to be had.</summary>
    public async ValueTask<StreamConnection?> GetOrConnectAsync(SipTransport transport, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var key = (transport, remote);
        if (_table.ByRemote(transport, remote) is { } open)
        {
            return open;
        }

        if (!_connecting.TryGetValue(key, out var pending))
        {
            if (_connecting.Count >= options.MaxConnecting || _stop.IsCancellationRequested)
            {
                counters.Count(TransportEvent.ConnectFailed);
                return null;
            }

            var mine = new TaskCompletionSource<StreamConnection?>(TaskCreationOptions.RunContinuationsAsynchronously);
            pending = _connecting.GetOrAdd(key, mine.Task);
            if (pending == mine.Task)
            {
                Track(ConnectAsync(transport, remote, mine));
            }
        }

        return await pending.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var connection in _table.All)
        {
            connection.Abort();
        }

        await Task.WhenAll(_running.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket socket, SipListener listener)
    {
        try
        {
            socket.NoDelay = true;
            var remote = ViaRouting.Plain((IPEndPoint)socket.RemoteEndPoint!);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (_table.Count >= options.MaxConnections)
            {
                counters.Count(TransportEvent.ConnectionRefused);
                await stream.DisposeAsync();
                return;
            }

            var secured = listener.Certificate is null ? stream : await SecureAsync(stream, tls => tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = listener.Certificate }, _stop.Token));
            if (secured is not null && Open(secured, listener.Transport, remote) is { } connection)
            {
                await RunAsync(connection);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException)
        {
            // It went away while it was taken in.
            logger.LogDebug("Accepted connection failed: {Reason}", failure.Message);
            socket.Dispose();
        }
    }

    private async Task ConnectAsync(SipTransport transport, IPEndPoint remote, TaskCompletionSource<StreamConnection?> result)
    {
        var connection = await TryConnectAsync(transport, remote);
        counters.Count(connection is null ? TransportEvent.ConnectFailed : TransportEvent.Connected);
        _connecting.TryRemove((transport, remote), out _);
        result.SetResult(connection);
        if (connection is not null)
        {
            await RunAsync(connection);
        }
    }

    private async Task<StreamConnection?> TryConnectAsync(SipTransport transport, IPEndPoint remote)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
            await socket.ConnectAsync(remote, linked.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            var secured = transport != SipTransport.Tls ? stream : await SecureAsync(stream, tls => tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = remote.Address.ToString(),
                    RemoteCertificateValidationCallback = options.CertificateValidation,
                }, linked.Token));
            return secured is null ? null : Open(secured, transport, remote);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            logger.LogInformation("No connection to {Transport} {Remote}: {Reason}", transport, remote, failure.Message);
            socket.Dispose();
            return null;
        }
    }

    // Null: no handshake came about within the receive timeout.
    private async Task<Stream?> SecureAsync(NetworkStream stream, Func<SslStream, Task> handshake)
    {
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await handshake(secured).WaitAsync(options.ReceiveTimeout, time, _stop.Token);
            return secured;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or TimeoutException or OperationCanceledException)
        {
            logger.LogInformation("TLS handshake failed: {Reason}", failure.Message);
            counters.Count(failure is TimeoutException ? TransportEvent.ReceiveTimedOut : TransportEvent.ConnectFailed);
            await secured.DisposeAsync();
            return null;
        }
    }

    private StreamConnection? Open(Stream stream, SipTransport transport, IPEndPoint remote)
    {
        var flow = new SipFlow(transport, remote, $"{_idPrefix}-{Interlocked.Increment(ref _lastId)}");
        var connection = new StreamConnection(stream, flow, options, counters, time, logger);
        if (_stop.IsCancellationRequested || !_table.TryAdd(connection))
        {
            counters.Count(TransportEvent.ConnectionRefused);
            connection.Dispose();
            return null;
        }

        counters.Count(TransportEvent.ConnectionOpened);
        return connection;
    }

    private async Task RunAsync(StreamConnection connection)
    {
        await connection.RunAsync(inbound);
        _table.Remove(connection);
        counters.Count(TransportEvent.ConnectionClosed);
        receiver.OnConnectionClosed(connection.Flow);
    }

    // Kept until it ends, so that a stop can wait for it.
    private void Track(Task task)
    {
        _running.TryAdd(task, 0);
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
