using System.Net;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>Transactions and transport as a user agent needs them (RFC 3261 17, 18). Vias are the stack's own affair.</summary>
internal interface ISipStack : IAsyncDisposable
{
    /// <summary>What a Contact of ours names.</summary>
    IPEndPoint Local { get; }

    Task StartAsync(ISipHandler handler, CancellationToken cancellationToken);

    ISipExchange Send(RequestMessage request, Action<ResponseMessage> onProvisional);

    /// <summary>ACK to a 2xx: it belongs to no transaction (RFC 3261 13.2.2.4).</summary>
    void SendAck(RequestMessage ack);
}

/// <summary>A request of ours on its way.</summary>
internal interface ISipExchange
{
    /// <summary>Null: no answer came (Timer B or F), or the transport failed.</summary>
    Task<ResponseMessage?> Final { get; }

    /// <summary>Sends CANCEL as soon as a provisional answer allows it (RFC 3261 9.1); after the final answer it does nothing.</summary>
    void Cancel();
}

/// <summary>A request that came, other than ACK and CANCEL.</summary>
internal interface IIncomingRequest
{
    RequestMessage Request { get; }

    /// <summary>A 2xx to an INVITE is repeated until its ACK comes (RFC 3261 13.3.1.4).</summary>
    void Respond(ResponseMessage response);
}

internal interface ISipHandler
{
    void OnRequest(IIncomingRequest incoming);

    /// <summary>CANCEL of an INVITE that has no final answer yet; its own 200 has been sent.</summary>
    void OnCancel(IIncomingRequest invite);

    void OnAck(RequestMessage ack);

    /// <summary>Our 2xx was not acknowledged within 64*T1.</summary>
    void OnNotAcknowledged(IIncomingRequest invite);

    /// <summary>A further 2xx to an INVITE of ours: a retransmission, or another branch of a fork.</summary>
    void OnFurtherAnswer(RequestMessage invite, ResponseMessage answer);
}
