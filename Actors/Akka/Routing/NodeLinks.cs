using System.Collections.Concurrent;
using Akka.Actor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Routing;

/// <summary>Requests of this node that wait for their replies. An actor per request, as Akka's own `Ask` makes one, is spared.</summary>
internal sealed class NodeLinks(TimeSpan limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<NodeReply>> _pending = new();
    private ulong _last;

    /// <summary>The node actor of this node: replies come to it.</summary>
    public IActorRef Self { get; set; } = ActorRefs.Nobody;

    /// <summary>Sends in the order of the calls. Null: no reply in time; whether it was received is not known.</summary>
    public ValueTask<NodeReply?> AskAsync(ICanTell receiver, NodeRequest request) => AskAsync(receiver, request, limit);

    public async ValueTask<NodeReply?> AskAsync(ICanTell receiver, NodeRequest request, TimeSpan within)
    {
        request.Id = Interlocked.Increment(ref _last);
        var pending = _pending[request.Id] = new TaskCompletionSource<NodeReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            receiver.Tell(request, Self);
            return await pending.Task.WaitAsync(within, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _pending.TryRemove(request.Id, out _);
        }
    }

    public void Replied(NodeReply reply)
    {
        if (_pending.TryRemove(reply.Id, out var pending))
        {
            pending.TrySetResult(reply);
        }
    }
}
