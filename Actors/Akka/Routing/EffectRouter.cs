using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Shards;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Routing;

/// <summary>Brings effects to the edge that has the flow and to the media node that has the session, by the node actor of that name.</summary>
internal sealed class EffectRouter(string ownName) : ISipOutbox, IMediaPlane
{
    private volatile Ports? _own;
    private volatile Way? _way;

    /// <summary>The ports of this node; null where it has not the role.</summary>
    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _own = new Ports(sip, media);

    /// <summary>The other nodes, while this one is a member.</summary>
    public void Join(Func<MemberView> view, NodeLinks links) => _way = new Way(view, links);

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken) =>
        EdgeOf(effect) is var node && (node.Length == 0 || node == ownName)
            ? OwnAsync(effect, cancellationToken)
            : RemoteAsync(node, new NodeRequest { Sip = effect });

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        var node = effect.MediaNode.Length > 0 ? effect.MediaNode : Place(effect.Session);
        return node == ownName ? OwnAsync(effect, cancellationToken) : RemoteAsync(node, new NodeRequest { Media = effect });
    }

    public ValueTask<bool> OwnAsync(SipEffect effect, CancellationToken cancellationToken) =>
        _own is { Sip: { } sip } ? sip.SendAsync(effect, cancellationToken) : new(false);

    public ValueTask<bool> OwnAsync(MediaEffect effect, CancellationToken cancellationToken) =>
        _own is { Media: { } media } ? media.ApplyAsync(effect, cancellationToken) : new(false);

    private async ValueTask<bool> RemoteAsync(string node, NodeRequest request) =>
        _way is { } way && way.View().Named(node) is { } there && await way.Links.AskAsync(there.Node, request) is { Taken: true };

    /// <summary>This node if it is a media node, else spread over all by the session's key.</summary>
    private string Place(string session)
    {
        var nodes = _way?.View().Nodes.Where(node => node.Roles.Contains(AkkaRoles.Media) && !node.Leaves).Select(node => node.Name).Distinct().Order(StringComparer.Ordinal).ToList() ?? [];
        return nodes.Count == 0 || nodes.Contains(ownName) ? ownName : nodes[ShardKey.ShardOf(session, nodes.Count)];
    }

    private static string EdgeOf(SipEffect effect) =>
        effect.BodyCase switch
        {
            SipEffect.BodyOneofCase.Invite => effect.Invite.Client?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.Cancel => effect.Cancel.Invite?.Client?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.Bye => effect.Bye.Dialog?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.Answer => effect.Answer.Request?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.Refuse => effect.Refuse.Request?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.Refresh => effect.Refresh.Dialog?.Flow?.EdgeNode,
            SipEffect.BodyOneofCase.NotifyAffiliation => effect.NotifyAffiliation.Dialog?.Flow?.EdgeNode,
            _ => null,
        } ?? "";

    private sealed record Ports(ISipOutbox? Sip, IMediaPlane? Media);

    private sealed record Way(Func<MemberView> View, NodeLinks Links);
}
