using Mcptt.Actors.Cluster.Streams;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Routing;

/// <summary>Brings effects to the edge that has the flow and to the media node that has the session.</summary>
internal sealed class EffectRouter(string ownName, NodeStreams streams) : ISipOutbox, IMediaPlane
{
    private volatile Ports? _own;

    /// <summary>The ports of this node; null where it has not the role.</summary>
    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _own = new Ports(sip, media);

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken) =>
        EdgeOf(effect) is var node && (node.Length == 0 || node == ownName)
            ? OwnAsync(effect, cancellationToken)
            : RemoteAsync(node, new NodeRequest { Sip = effect });

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        var node = effect.MediaNode.Length > 0 ? effect.MediaNode : streams.View.PlaceSession(effect.Session, ownName);
        return node == ownName ? OwnAsync(effect, cancellationToken) : RemoteAsync(node, new NodeRequest { Media = effect });
    }

    public ValueTask<bool> OwnAsync(SipEffect effect, CancellationToken cancellationToken) =>
        _own is { Sip: { } sip } ? sip.SendAsync(effect, cancellationToken) : new(false);

    public ValueTask<bool> OwnAsync(MediaEffect effect, CancellationToken cancellationToken) =>
        _own is { Media: { } media } ? media.ApplyAsync(effect, cancellationToken) : new(false);

    private async ValueTask<bool> RemoteAsync(string node, NodeRequest request) =>
        streams.View.Named(node) is { } there && await streams.SendAsync(there.Instance, request) is { Taken: true };

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
}
