using System.Net;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Sharing;

/// <summary>The shared SIP socket as one client sees it. It stays with the server that answered it last, in dialogs too, as behind a proxy.</summary>
internal sealed class ClientStack(SharedSip shared, string user, int preferredServer) : ISipStack
{
    private volatile int _server = preferredServer % shared.Servers.Count;
    private volatile ISipHandler? _handler;

    public IPEndPoint Local => shared.Local;

    public int Server
    {
        get => _server;
        set => _server = value;
    }

    public Task StartAsync(ISipHandler handler, CancellationToken cancellationToken)
    {
        _handler = handler;
        shared.Add(user, handler);
        return Task.CompletedTask;
    }

    public ISipExchange Send(RequestMessage request, Action<ResponseMessage> onProvisional) => new FailoverExchange(shared, this, request, onProvisional);

    public void SendAck(RequestMessage ack)
    {
        var server = shared.Servers.Choose(_server, tried: 0);
        _ = shared.Transactions.SendStatelessAsync(ack, shared.FlowTo(server), FreshIds.Branch(), CancellationToken.None).AsTask();
    }

    public void TakeFurtherAnswer(RequestMessage request, ResponseMessage answer) => _handler?.OnFurtherAnswer(request, answer);

    public ValueTask DisposeAsync()
    {
        shared.Remove(user);
        return ValueTask.CompletedTask;
    }
}
