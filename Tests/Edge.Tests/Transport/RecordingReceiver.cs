using System.Threading.Channels;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests.Transports;

/// <summary>What a transport layer gave to its user.</summary>
internal sealed class RecordingReceiver : ISipReceiver
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<(SipMessage Message, SipFlow Flow)> _messages = Channel.CreateUnbounded<(SipMessage, SipFlow)>();
    private readonly Channel<SipFlow> _closed = Channel.CreateUnbounded<SipFlow>();

    public Action<SipMessage>? OnEach { get; init; }

    public void OnMessage(SipMessage message, SipFlow flow)
    {
        OnEach?.Invoke(message);
        _messages.Writer.TryWrite((message, flow));
    }

    public void OnConnectionClosed(SipFlow flow) => _closed.Writer.TryWrite(flow);

    public async Task<(SipMessage Message, SipFlow Flow)> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<SipFlow> NextClosedAsync() => await _closed.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
