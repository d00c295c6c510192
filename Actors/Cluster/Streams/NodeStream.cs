using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>
/// This node's stream to another one. It is opened when something is to be sent, and again after it broke, not more often than the options say. What was
/// under way on a stream that broke has no reply: whether it was done is unknown.
/// </summary>
internal sealed class NodeStream : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _disposed = new();
    private readonly bool _showsCertificate;
    private readonly Lock _gate = new();
    private Run? _run;
    private long _brokenAt;
    private TimeSpan _wait;
    private ulong _lastId;

    public NodeStream(ClusterOptions options, NodeCertificates? certificates, Uri address, TimeProvider time, ILogger logger)
    {
        (_options, _address, _time, _logger) = (options, address, time, logger);
        _wait = options.ReconnectFirst;
        _http = new HttpMessageInvoker(Handler(options, certificates, address));
        _showsCertificate = certificates is not null;
    }

    /// <summary>Requests that wait to be written.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _run?.Queue.Count ?? 0;
            }
        }
    }

    /// <summary>Null: not delivered, or the stream broke before the answer. Requests are delivered in the order of the calls.</summary>
    public ValueTask<NodeReply?> SendAsync(NodeRequest request)
    {
        lock (_gate)
        {
            request.Id = ++_lastId;
            return Current()?.SendAsync(request) ?? new ValueTask<NodeReply?>((NodeReply?)null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        lock (_gate)
        {
            _run?.End();
            _run = null;
        }

        _http.Dispose();
        _disposed.Dispose();
    }

    private static SocketsHttpHandler Handler(ClusterOptions options, NodeCertificates? certificates, Uri address)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            InitialHttp2StreamWindowSize = options.FrameBytes * 4,
            UseProxy = false,
            AllowAutoRedirect = false,

            // A frozen or unplugged node: nothing else would end a stream that only waits for replies.
            KeepAlivePingDelay = options.LeaseTime,
            KeepAlivePingTimeout = options.LeaseTime,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        };
        if (certificates is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificates.Own,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificates.IsOurs(certificate, $"The node at {address.Authority}"),
            };
        }

        return handler;
    }

    private Run? Current()
    {
        if (_run is not null || _disposed.IsCancellationRequested)
        {
            return _run;
        }

        if (_brokenAt != 0 && _time.GetElapsedTime(_brokenAt) < _wait)
        {
            return null;
        }

        _run = new Run(new FrameQueue(_options));
        _ = FollowAsync(_run);
        return _run;
    }

    private async Task FollowAsync(Run run)
    {
        var reason = "it was closed";
        try
        {
            await ExchangeAsync(run);
        }
        catch (Exception failure)
        {
            // Whatever ended it, the next request opens another.
            reason = failure.GetBaseException().Message;
        }

        lock (_gate)
        {
            _wait = run.HasAnswered ? _options.ReconnectFirst : _wait * 2 < _options.ReconnectMax ? _wait * 2 : _options.ReconnectMax;
            _brokenAt = _time.GetTimestamp();
            if (ReferenceEquals(_run, run))
            {
                _run = null;
            }
        }

        run.End();
        if (_showsCertificate && !run.HasAnswered && !_disposed.IsCancellationRequested)
        {
            _logger.LogWarning("No stream to {Address}: {Reason}; if that node lives, see its log: it may refuse this node's certificate", _address, reason);
        }
        else
        {
            _logger.LogInformation("The stream to {Address} ended: {Reason}", _address, reason);
        }
    }

    private async Task ExchangeAsync(Run run)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, NodeListener.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new QueueContent(run.Queue, ended.Token),
        };
        try
        {
            using var response = await _http.SendAsync(request, ended.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new HttpRequestException($"the node answered {(int)response.StatusCode}");
            }

            var input = PipeReader.Create(await response.Content.ReadAsStreamAsync(ended.Token));
            while (await FrameCodec.ReadAsync(input, _options.MaxFrameBytes, ended.Token) is { } frame)
            {
                run.Take(frame);
            }
        }
        finally
        {
            run.Queue.Close();
            await ended.CancelAsync();
        }
    }

    /// <summary>One life of the stream.</summary>
    private sealed class Run(FrameQueue queue)
    {
        private readonly ConcurrentDictionary<ulong, TaskCompletionSource<NodeReply?>> _underWay = new();
        private volatile bool _over;

        public FrameQueue Queue => queue;

        public bool HasAnswered { get; private set; }

        public ValueTask<NodeReply?> SendAsync(NodeRequest request)
        {
            var reply = new TaskCompletionSource<NodeReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay.TryAdd(request.Id, reply);
            if (!queue.TryAdd(request) || _over)
            {
                _underWay.TryRemove(request.Id, out _);
                reply.TrySetResult(null);
            }

            return new(reply.Task);
        }

        public void Take(NodeFrame frame)
        {
            HasAnswered = true;
            foreach (var reply in frame.Replies)
            {
                if (_underWay.TryRemove(reply.Id, out var waiting))
                {
                    waiting.TrySetResult(reply);
                }
            }
        }

        public void End()
        {
            _over = true;
            queue.Close();
            foreach (var id in _underWay.Keys)
            {
                if (_underWay.TryRemove(id, out var waiting))
                {
                    waiting.TrySetResult(null);
                }
            }
        }
    }

    /// <summary>A request body that is what the queue holds, until it is closed.</summary>
    private sealed class QueueContent : HttpContent
    {
        private readonly FrameQueue _queue;
        private readonly CancellationToken _ended;

        public QueueContent(FrameQueue queue, CancellationToken ended)
        {
            (_queue, _ended) = (queue, ended);
            Headers.ContentType = new MediaTypeHeaderValue(NodeListener.ContentType);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // Headers must leave before the first frame, or the other side waits for it.
            await stream.FlushAsync(_ended);
            await _queue.WriteAllAsync(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)), _ended);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
