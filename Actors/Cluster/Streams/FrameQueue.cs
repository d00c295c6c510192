using System.IO.Pipelines;
using System.Threading.Channels;
using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>What waits to be written to one node. Whatever is there when the last write ended goes into one frame: that is worth a factor of four.</summary>
internal sealed class FrameQueue
{
    private readonly Channel<IMessage> _waiting;
    private readonly int _frameBytes;

    public FrameQueue(ClusterOptions options)
    {
        _frameBytes = options.FrameBytes;
        _waiting = Channel.CreateBounded<IMessage>(new BoundedChannelOptions(options.StreamLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    public int Count => _waiting.Reader.CanCount ? _waiting.Reader.Count : 0;

    /// <summary>False: full, or the stream is over.</summary>
    public bool TryAdd(NodeRequest request) => _waiting.Writer.TryWrite(request);

    /// <summary>Waits where there is no room: a reply must not be lost while the stream lives.</summary>
    public async ValueTask AddAsync(NodeReply reply)
    {
        try
        {
            await _waiting.Writer.WriteAsync(reply);
        }
        catch (ChannelClosedException)
        {
            // The stream is over; who asked asks again elsewhere.
        }
    }

    public void Close() => _waiting.Writer.TryComplete();

    public async Task WriteAllAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            FrameCodec.Write(Next(), output);
            var flushed = await output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }
        }
    }

    private NodeFrame Next()
    {
        var frame = new NodeFrame();
        for (var size = 0; size < _frameBytes && _waiting.Reader.TryRead(out var message);)
        {
            size += message.CalculateSize();
            switch (message)
            {
                case NodeRequest request:
                    frame.Requests.Add(request);
                    break;
                case NodeReply reply:
                    frame.Replies.Add(reply);
                    break;
            }
        }

        return frame;
    }
}
