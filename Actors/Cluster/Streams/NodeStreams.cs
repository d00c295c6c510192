using System.Collections.Concurrent;
using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Routing;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>A stream to each node that lives, by its instance: a node that came back is another one.</summary>
internal sealed class NodeStreams(ClusterOptions options, NodeCertificates? certificates, TimeProvider time, ILogger logger) : INodeLinks, IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, NodeStream> _streams = new();
    private volatile ClusterView _view = ClusterView.Empty;

    public ClusterView View => _view;

    IReadOnlyList<ClusterMember> INodeLinks.Members => _view.Nodes;

    /// <summary>Requests that wait to be written, for each node that a stream goes to.</summary>
    public IEnumerable<(string Node, int Waiting)> Waiting() =>
        from stream in _streams
        let node = View.Alive(stream.Key)
        where node is not null
        select (node.Name, stream.Value.Waiting);

    /// <summary>Streams to nodes that live no more end, and with them whatever was under way to them.</summary>
    public async Task UpdateAsync(ClusterView view)
    {
        _view = view;
        foreach (var instance in _streams.Keys)
        {
            if (view.Alive(instance) is null && _streams.TryRemove(instance, out var stream))
            {
                await stream.DisposeAsync();
            }
        }
    }

    public ValueTask<NodeReply?> SendAsync(int instance, NodeRequest request)
    {
        if (View.Alive(instance) is not { } node)
        {
            return new((NodeReply?)null);
        }

        var stream = _streams.GetOrAdd(instance, _ => new NodeStream(options, certificates, node.Address, time, logger));
        return stream.SendAsync(request);
    }

    ValueTask<NodeReply?> INodeLinks.SendAsync(ClusterMember member, NodeRequest request) => SendAsync(member.Instance, request);

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams.Values)
        {
            await stream.DisposeAsync();
        }
    }
}
