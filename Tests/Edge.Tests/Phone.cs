using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests;

/// <summary>A phone made of a UDP socket: sends text, receives messages.</summary>
internal sealed class Phone : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public async Task SendAsync(string message, IPEndPoint to) => await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), to);

    public async Task SendAsync(SipMessage message, IPEndPoint to) => await _socket.SendAsync(message.ToBytes(), to);

    public async Task<ResponseMessage> ResponseAsync(int status) =>
        await NextAsync<ResponseMessage>(response => response.StatusCode == status);

    public async Task<RequestMessage> RequestAsync(string method) => await NextAsync<RequestMessage>(request => request.Method == method);

    /// <summary>What is there already; nothing is waited for.</summary>
    public int Waiting => _socket.Available;

    public void Dispose() => _socket.Dispose();

    private async Task<T> NextAsync<T>(Func<T, bool> isWanted)
        where T : SipMessage
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var datagram = await _socket.ReceiveAsync(timeout.Token);
            Assert.True(SipParser.TryParse(datagram.Buffer, out var message, out var error), error.ToString());
            if (message is T typed && isWanted(typed))
            {
                return typed;
            }
        }
    }
}
