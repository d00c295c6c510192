using System.Net;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Tests.Support;

/// <summary>A stack without a network: requests are answered at once by functions, and kept.</summary>
internal sealed class FakeStack : ISipStack
{
    private readonly Dictionary<string, Func<RequestMessage, ResponseMessage?>> _answers = [];

    public List<RequestMessage> Sent { get; } = [];

    public IPEndPoint Local { get; } = new(IPAddress.Loopback, 5062);

    public FakeStack On(string method, Func<RequestMessage, ResponseMessage?> answer)
    {
        _answers[method] = answer;
        return this;
    }

    public FakeStack On(string method, int status) => On(method, request => request.CreateResponse(status, null, "srv"));

    public int Count(string method) => Sent.Count(request => request.Method == method);

    public Task StartAsync(ISipHandler handler, CancellationToken cancellationToken) => Task.CompletedTask;

    public ISipExchange Send(RequestMessage request, Action<ResponseMessage> onProvisional)
    {
        lock (Sent)
        {
            Sent.Add(request);
        }

        return new Exchange(_answers.TryGetValue(request.Method, out var answer) ? answer(request) : null);
    }

    public void SendAck(RequestMessage ack) => Sent.Add(ack);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Exchange(ResponseMessage? response) : ISipExchange
    {
        public Task<ResponseMessage?> Final => Task.FromResult(response);

        public void Cancel()
        {
        }
    }
}
