using Mcptt.Edge.Outbox;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests.Outbox;

/// <summary>Keeps what was sent, and the callbacks by which a test answers.</summary>
internal sealed class FakeWire : ISipWire
{
    public List<(OutboundRequest Request, Action<ResponseMessage> OnResponse, Action<int> OnFailure)> Requests { get; } = [];

    public List<(OutboundRequest Invite, string Reason)> Cancels { get; } = [];

    public List<OutboundRequest> Acks { get; } = [];

    public List<(SipRequest Request, ResponseMessage Response)> Responses { get; } = [];

    public List<(SipRequest Request, ResponseMessage Response, Action OnNotAcknowledged)> Successes { get; } = [];

    public void Send(OutboundRequest request, Action<ResponseMessage> onResponse, Action<int> onFailure) => Requests.Add((request, onResponse, onFailure));

    public void Cancel(OutboundRequest invite, string reason) => Cancels.Add((invite, reason));

    public void SendAck(OutboundRequest ack) => Acks.Add(ack);

    public void Respond(SipRequest request, ResponseMessage response) => Responses.Add((request, response));

    public void RespondUntilAcknowledged(SipRequest request, ResponseMessage response, Action onNotAcknowledged) =>
        Successes.Add((request, response, onNotAcknowledged));
}
