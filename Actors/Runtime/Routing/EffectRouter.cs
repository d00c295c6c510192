using Mcptt.Actors.Shards;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>Brings effects to the edge that has the flow and to the media node that has the session, and finds a media node for a new session.</summary>
/// <param name="edgeGrace">How long what is for an edge that died waits for it.</param>
public sealed class EffectRouter(string ownName, TimeSpan edgeGrace, INodeLinks nodes, ICommandRouter commands, NodeWatch watch, TimeProvider time) : ISipOutbox, IMediaPlane
{
    private static readonly TimeSpan EmptyingLook = TimeSpan.FromMilliseconds(50);

    private readonly EdgePlaces _edges = new(ownName, edgeGrace, watch);
    private volatile Ports? _own;
    private bool _hasJoined;

    /// <summary>What the media sessions of this node weigh now; null: it is no media node.</summary>
    public int? MediaLoad => _own is { Media: not null } own ? own.Media.Load : null;

    /// <summary>The ports of this node; null where it has not the role.</summary>
    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _own = new Ports(sip, media);

    /// <summary>This node is a member. When it was one before, others may have placed its media sessions elsewhere while it was none.</summary>
    public void Joined()
    {
        if (_hasJoined)
        {
            _own?.Media?.CheckSessions();
        }

        _hasJoined = true;
    }

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken)
    {
        var named = effect.FlowOf()?.EdgeNode ?? "";
        if (_own is not { } own || _edges.Find(nodes.Members, named, own.Sip is not null) is not { } edge)
        {
            return new(false);
        }

        effect = named.Length == 0 || named == edge ? effect : ByWayOf(edge, effect);
        return edge == ownName ? OwnAsync(effect, cancellationToken) : ByEdgeAsync(edge, effect, cancellationToken);
    }

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken) =>
        effect.MediaNode.Length == 0 ? PlaceAsync(effect, cancellationToken)
        : effect.MediaNode == ownName ? OwnAsync(effect, cancellationToken)

        // Who leans on it hears of the loss. Until then nothing else of theirs must wait for a node that does not come back.
        : watch.IsLost(effect.MediaNode) ? new(true)
        : RemoteAsync(effect.MediaNode, new NodeRequest { Media = effect });

    public ValueTask<bool> OwnAsync(SipEffect effect, CancellationToken cancellationToken) =>
        _own is { Sip: { } sip } ? sip.SendAsync(effect, cancellationToken) : new(false);

    public ValueTask<bool> OwnAsync(MediaEffect effect, CancellationToken cancellationToken) =>
        _own is { } own ? own.Media?.ApplyAsync(effect, cancellationToken) ?? new(true) : new(false);

    /// <summary>Ends when this node has no media session any more, or nobody else could take one.</summary>
    public async Task EmptiedAsync(CancellationToken cancellationToken)
    {
        while (_own?.Media is { Load: > 0 } && nodes.Members.Any(node => node.TakesSessions && node.Name != ownName))
        {
            await Task.Delay(EmptyingLook, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// An effect whose outcome is not known is repeated, and may then find another node: its session is told by the call that it is one too many, and closes.
    /// </summary>
    private async ValueTask<bool> PlaceAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        if (effect.Open is not { } open)
        {
            // For a session that no node has told of yet: when one does, its call says that it is over.
            return true;
        }

        var members = nodes.Members;
        if (members.Count == 0)
        {
            return false;
        }

        if (SessionPlacement.Choose(members, new SessionWish(effect.Session, open.NearNode, open.Avoid)) is not { } chosen)
        {
            return await RefuseAsync(effect, cancellationToken);
        }

        var placed = effect.Clone();
        placed.MediaNode = chosen.Name;
        return await ApplyAsync(placed, cancellationToken);
    }

    private async ValueTask<bool> RefuseAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        var id = effect.EffectId + "/unplaced";
        var reply = await commands.RouteAsync(
            new Command
            {
                CommandId = id,
                CorrelationId = effect.CorrelationId,
                To = ActorAddresses.Call(effect.Session),
                Call = new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "no media node takes sessions" } },
            },
            CommandSource.Actor,
            cancellationToken);
        return reply.OutcomeCase != Reply.OutcomeOneofCase.Unavailable;
    }

    private async ValueTask<bool> ByEdgeAsync(string edge, SipEffect effect, CancellationToken cancellationToken)
    {
        if (nodes.Members.Named(edge) is not { } there)
        {
            return false;
        }

        var reply = await nodes.SendAsync(there, new NodeRequest { Sip = effect });
        if (reply is null or { Taken: true } || !there.Draining)
        {
            return reply is { Taken: true };
        }

        // It has closed and is about to go: whom the effect is for does not wait for that.
        return _edges.Another(nodes.Members, edge, _own is { Sip: not null }) is { } other
            && await (other == ownName ? OwnAsync(ByWayOf(other, effect), cancellationToken) : RemoteAsync(other, new NodeRequest { Sip = ByWayOf(other, effect) }));
    }

    private async ValueTask<bool> RemoteAsync(string node, NodeRequest request) =>
        nodes.Members.Named(node) is { } there && await nodes.SendAsync(there, request) is { Taken: true };

    // The dialog that comes of it then belongs to that edge. A connection is still named: who has it not goes to the Contact or reports a failure.
    private static SipEffect ByWayOf(string edge, SipEffect effect)
    {
        var copy = effect.Clone();
        copy.FlowOf()?.EdgeNode = edge;
        return copy;
    }

    private sealed record Ports(ISipOutbox? Sip, IMediaPlane? Media);
}
