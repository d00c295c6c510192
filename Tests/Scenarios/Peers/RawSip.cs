using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mcptt.Scenarios.Peers;

/// <summary>SIP as text over a UDP socket, without any code of the server: what is sent is what the test wrote.</summary>
internal sealed class RawSip : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    private readonly IPEndPoint _server;

    public RawSip(int serverPort)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Task SendAsync(string message) => _socket.SendToAsync(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), _server);

    public Task SendAsync(byte[] datagram) => _socket.SendToAsync(datagram, _server);

    /// <summary>The next message that is no provisional response; null when none came in time.</summary>
    public async Task<string?> ReceiveFinalAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            while (true)
            {
                var message = await ReceiveAsync(limit.Token);
                if (!message.StartsWith("SIP/2.0 1", StringComparison.Ordinal))
                {
                    return message;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[65_536];
        var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.ReceivedBytes);
    }

    /// <summary>A request with the fields that every one must have; body and further header lines as given.</summary>
    public string Request(string method, string uri, string user, string headers = "", string body = "", string? callId = null, int cseq = 1, string? branch = null, string? toTag = null) =>
        $"""
        {method} {uri} SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:{Port};branch={branch ?? "z9hG4bK" + Guid.NewGuid().ToString("N")};rport
        Max-Forwards: 70
        From: <sip:{user}@example.org>;tag=f{user}
        To: <{uri}>{(toTag is null ? "" : ";tag=" + toTag)}
        Call-ID: {callId ?? Guid.NewGuid().ToString("N")}
        CSeq: {cseq} {method}
        Contact: <sip:{user}@127.0.0.1:{Port}>
        {(headers.Length > 0 ? headers.TrimEnd() + "\n" : "")}Content-Length: {Encoding.UTF8.GetByteCount(body.ReplaceLineEndings("\r\n"))}

        {body}
        """;

    public void Dispose() => _socket.Dispose();
}
