using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests.Transports;

/// <summary>A transport layer on loopback with one listener of each kind that is asked for, and raw sockets against it.</summary>
internal sealed class TransportBench : IAsyncDisposable
{
    private readonly List<IDisposable> _sockets = [];

    private TransportBench(SipTransportLayer layer, RecordingReceiver receiver) => (Layer, Receiver) = (layer, receiver);

    public SipTransportLayer Layer { get; }

    public RecordingReceiver Receiver { get; }

    public static async Task<TransportBench> StartAsync(SipTransportOptions? options = null, RecordingReceiver? receiver = null)
    {
        options ??= new SipTransportOptions();
        if (options.Listeners.Count == 0)
        {
            options = options with { Listeners = [new(SipTransport.Udp, new(IPAddress.Loopback, 0)), new(SipTransport.Tcp, new(IPAddress.Loopback, 0))] };
        }

        var bench = new TransportBench(new SipTransportLayer(options, TimeProvider.System), receiver ?? new RecordingReceiver());
        await bench.Layer.StartAsync(bench.Receiver, CancellationToken.None);
        return bench;
    }

    public IPEndPoint Endpoint(SipTransport transport) => Layer.Bound.Single(one => one.Transport == transport).Endpoint;

    public SipFlow Target(SipTransport transport) => new(transport, Endpoint(transport));

    public UdpClient Udp()
    {
        var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(Endpoint(SipTransport.Udp));
        _sockets.Add(client);
        return client;
    }

    public async Task<NetworkStream> TcpAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(Endpoint(SipTransport.Tcp));
        _sockets.Add(client);
        return client.GetStream();
    }

    public static byte[] Options(string via, string callId = "c1", string extra = "") => Encoding.UTF8.GetBytes(
        $"OPTIONS sip:example.org SIP/2.0\r\nVia: SIP/2.0/{via}\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.org>;tag=1\r\nTo: <sip:example.org>\r\n" +
        $"Call-ID: {callId}\r\nCSeq: 1 OPTIONS\r\n{extra}Content-Length: 0\r\n\r\n");

    public static async Task<string> ReadAsync(NetworkStream stream, string until = "\r\n\r\n")
    {
        using var patience = new CancellationTokenSource(RecordingReceiver.Patience);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains(until))
        {
            var count = await stream.ReadAsync(buffer, patience.Token);
            if (count == 0)
            {
                return text + "<end>";
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Waits for the other side to close; a reset is an end as well.</summary>
    public static async Task<bool> IsClosedAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(RecordingReceiver.Patience);
        var buffer = new byte[65_536];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static async Task<string> ReadAsync(UdpClient client)
    {
        using var patience = new CancellationTokenSource(RecordingReceiver.Patience);
        return Encoding.UTF8.GetString((await client.ReceiveAsync(patience.Token)).Buffer);
    }

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await Layer.DisposeAsync();
    }
}
