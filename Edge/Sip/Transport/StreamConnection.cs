using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Transports;

/// <summary>
/// One TCP or TLS connection: a reader that cuts messages out of the stream, a writer behind a bounded queue. A peer that sends too
/// slowly, reads too slowly or sends what cannot be cut is cut off; nobody waits for it.
/// </summary>
internal sealed class StreamConnection : IDisposable
{
    private const int SmallBufferBytes = 4_096;

    private static readonly byte[] Pong = "\r\n"u8.ToArray();

    private readonly Stream _stream;
    private readonly SipTransportOptions _options;
    private readonly SipTransportCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _queue;
    private readonly ITimer _deadline;
    private int _queuedBytes;
    private bool _hadMessage;

    public StreamConnection(Stream stream, SipFlow flow, SipTransportOptions options, SipTransportCounters counters, TimeProvider time, ILogger logger)
    {
        (_stream, Flow, _options, _counters, _time, _logger) = (stream, flow, options, counters, time, logger);
        _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.MaxSendQueueMessages) { SingleReader = true });
        _deadline = time.CreateTimer(_ => Abort(TransportEvent.ReceiveTimedOut), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SipFlow Flow { get; }

    /// <summary>False: the connection is closed, or was just closed because its queue was full.</summary>
    public bool TrySend(SipMessage message)
    {
        var bytes = message.ToBytes();
        if (!TryQueue(bytes))
        {
            _counters.Count(TransportEvent.SendFailed);
            return false;
        }

        _counters.Count(TransportEvent.MessageSent);
        return true;
    }

    /// <summary>Reads and writes until either side ends. Never throws.</summary>
    public async Task RunAsync(InboundMessages inbound)
    {
        var writing = WriteAllAsync();
        try
        {
            await ReadAllAsync(inbound);
            // What is queued, such as the answer to a malformed message, still goes out; the deadline of each write bounds it.
            _queue.Writer.TryComplete();
            await writing;
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _logger.LogDebug("Connection {Flow} ended: {Reason}", Flow, ended.Message);
        }
        finally
        {
            await CloseAsync();
            await writing;
            Dispose();
        }
    }

    public void Abort() => Abort(null);

    public void Dispose()
    {
        Abort(null);
        _deadline.Dispose();
        _stream.Dispose();
        _stop.Dispose();
    }

    private void Abort(TransportEvent? cause)
    {
        if (cause is { } counted)
        {
            _counters.Count(counted);
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had ended by itself.
        }
    }

    private async ValueTask CloseAsync()
    {
        Abort(null);
        _queue.Writer.TryComplete();
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            _logger.LogDebug("Closing {Flow}: {Reason}", Flow, failure.Message);
        }
    }

    private bool TryQueue(byte[] bytes)
    {
        if (_stop.IsCancellationRequested)
        {
            return false;
        }

        if (Interlocked.Add(ref _queuedBytes, bytes.Length) <= _options.MaxSendQueueBytes && _queue.Writer.TryWrite(bytes))
        {
            return true;
        }

        Interlocked.Add(ref _queuedBytes, -bytes.Length);
        Abort(TransportEvent.SendQueueFull);
        return false;
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var bytes in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                using var timeout = new CancellationTokenSource(_options.SendTimeout, _time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
                await _stream.WriteAsync(bytes, linked.Token);
                Interlocked.Add(ref _queuedBytes, -bytes.Length);
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            Abort(TransportEvent.SendTimedOut);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Abort(null);
        }
    }

    private async Task ReadAllAsync(InboundMessages inbound)
    {
        var framer = new SipStreamFramer(_options.Limits);
        byte[]? buffer = null;
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == 0)
                {
                    // An idle connection holds no buffer: this read of nothing ends when something is there.
                    SetDeadline(_hadMessage ? _options.IdleTimeout : _options.FirstMessageTimeout);
                    Return(ref buffer);
                    _ = await _stream.ReadAsync(Memory<byte>.Empty, _stop.Token);
                    buffer = ArrayPool<byte>.Shared.Rent(SmallBufferBytes);
                }

                var count = await _stream.ReadAsync(buffer.AsMemory(filled), _stop.Token);
                if (count == 0)
                {
                    return;
                }

                if (filled == 0)
                {
                    SetDeadline(_options.ReceiveTimeout);
                }

                var left = await TakeFramesAsync(buffer.AsMemory(0, filled + count), framer, inbound);
                if (left < 0)
                {
                    return;
                }

                filled = left;
                buffer = WithRoom(buffer!, filled);
            }
        }
        finally
        {
            Return(ref buffer);
        }
    }

    // How many bytes are left over, moved to the start; -1: the stream cannot be read on.
    private async ValueTask<int> TakeFramesAsync(Memory<byte> received, SipStreamFramer framer, InboundMessages inbound)
    {
        var rest = received;
        while (true)
        {
            var frame = framer.Next(rest.Span);
            switch (frame.Kind)
            {
                case SipFrameKind.Message:
                    _hadMessage = true;
                    await inbound.TakeStreamMessageAsync(rest.Span[..frame.Length], Flow, _stop.Token);
                    break;
                case SipFrameKind.Ping:
                    _counters.Count(TransportEvent.KeepAlive);
                    TryQueue(Pong);
                    break;
                case SipFrameKind.Invalid:
                    inbound.TakeInvalidHead(rest.Span[..frame.Length], Flow, frame.Error);
                    return -1;
                case SipFrameKind.NeedMore:
                    if (rest.Length < received.Length && rest.Length > 0)
                    {
                        // The clock of a half-sent message starts with its own first byte.
                        SetDeadline(_options.ReceiveTimeout);
                    }

                    rest.CopyTo(received);
                    return rest.Length;
                default:
                    break;
            }

            rest = rest[frame.Length..];
        }
    }

    private static byte[] WithRoom(byte[] buffer, int filled)
    {
        if (filled < buffer.Length)
        {
            return buffer;
        }

        // Bounded by the framer, which refuses a message beyond SipLimits before it has come.
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }

    private void SetDeadline(TimeSpan due)
    {
        if (!_stop.IsCancellationRequested)
        {
            _deadline.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
