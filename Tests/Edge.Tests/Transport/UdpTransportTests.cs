using System.Net;
using System.Net.Sockets;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transports;

public class UdpTransportTests
{
    [Fact]
    [Clause("RFC3581 4")]
    public async Task Response_goes_to_the_source_port_when_rport_asks_for_it()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = bench.Udp();
        var port = ((IPEndPoint)phone.Client.LocalEndPoint!).Port;
        await phone.SendAsync(TransportBench.Options("UDP 10.0.0.1:5999;rport;branch=z9hG4bK1"));
        var (message, flow) = await bench.Receiver.NextAsync();
        Assert.Equal(("127.0.0.1", port), (message.TopVia.Received, message.TopVia.SeenPort));
        Assert.Equal((SipTransport.Udp, port, ""), (flow.Transport, flow.Remote.Port, flow.ConnectionId));
        Assert.True(await bench.Layer.SendResponseAsync(((RequestMessage)message).CreateResponse(200), flow, CancellationToken.None));
        Assert.StartsWith("SIP/2.0 200 OK\r\n", await TransportBench.ReadAsync(phone));
    }

    [Fact]
    [Clause("RFC3261 18.2.2")]
    public async Task Response_goes_to_the_sent_by_port_at_the_source_address_otherwise()
    {
        await using var bench = await TransportBench.StartAsync();
        using var listening = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listening.Client.LocalEndPoint!).Port;
        await bench.Udp().SendAsync(TransportBench.Options($"UDP phone.example.org:{port};branch=z9hG4bK1"));
        var (message, flow) = await bench.Receiver.NextAsync();
        Assert.Equal("127.0.0.1", message.TopVia.Received);
        await bench.Layer.SendResponseAsync(((RequestMessage)message).CreateResponse(200), flow, CancellationToken.None);
        Assert.StartsWith("SIP/2.0 200 OK\r\n", await TransportBench.ReadAsync(listening));
    }

    [Fact]
    [Clause("RFC3261 18.2.1")]
    public async Task Via_that_names_its_own_source_stays_as_it_is()
    {
        await using var bench = await TransportBench.StartAsync();
        await bench.Udp().SendAsync(TransportBench.Options("UDP 127.0.0.1:5999;branch=z9hG4bK1"));
        Assert.Equal("SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK1", (await bench.Receiver.NextAsync()).Message.TopVia.ToString());
    }

    [Theory]
    [InlineData("UDP 127.0.0.1:5999;received=192.0.2.66;branch=z9hG4bK1")]
    [InlineData("UDP 127.0.0.1:5999;received=192.0.2.66;rport=7;branch=z9hG4bK1")]
    [InlineData("UDP 192.0.2.66:5999;received=192.0.2.66;branch=z9hG4bK1")]
    public async Task Received_and_rport_written_by_the_sender_aim_our_answer_at_nobody(string via)
    {
        await using var bench = await TransportBench.StartAsync();
        await bench.Udp().SendAsync(TransportBench.Options(via));
        var (message, flow) = await bench.Receiver.NextAsync();
        Assert.Equal("127.0.0.1", message.TopVia.Received);
        Assert.True(message.TopVia.SeenPort is 0 || message.TopVia.SeenPort == flow.Remote.Port);
    }

    [Fact]
    public async Task Malformed_request_is_answered_and_garbage_is_dropped()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = bench.Udp();
        await phone.SendAsync("\r\n\r\n"u8.ToArray());
        await phone.SendAsync(new byte[1_500]);
        await phone.SendAsync(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK1", extra: "Contact: <sip:\r\n"));
        Assert.StartsWith("SIP/2.0 400 Bad Request - Malformed Contact\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;received=127.0.0.1;rport=", await TransportBench.ReadAsync(phone));
        await phone.SendAsync(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK1"));
        await bench.Receiver.NextAsync();
        Assert.Equal((1, 2, 1), (bench.Layer.Counters[TransportEvent.KeepAlive], bench.Layer.Counters[TransportEvent.Malformed], bench.Layer.Counters[TransportEvent.MessageReceived]));
    }

    [Fact]
    public async Task Malformed_ACK_gets_no_answer()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = bench.Udp();
        var options = System.Text.Encoding.UTF8.GetString(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK1", extra: "Contact: <sip:\r\n"));
        await phone.SendAsync(System.Text.Encoding.UTF8.GetBytes(options.Replace("OPTIONS", "ACK")));
        await phone.SendAsync(System.Text.Encoding.UTF8.GetBytes(options));
        Assert.Contains("CSeq: 1 OPTIONS", await TransportBench.ReadAsync(phone));
    }

    [Fact]
    public async Task Unreachable_destination_does_not_end_the_receiving()
    {
        await using var bench = await TransportBench.StartAsync();
        var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var nowhere = new SipFlow(SipTransport.Udp, (IPEndPoint)closed.Client.LocalEndPoint!);
        closed.Dispose();
        var request = new RequestMessage("OPTIONS", "sip:a@b");
        for (var round = 0; round < 20; round++)
        {
            await bench.Layer.SendAsync(request, nowhere, CancellationToken.None);
        }

        await bench.Udp().SendAsync(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK1"));
        await bench.Receiver.NextAsync();
        Assert.False(await bench.Layer.SendAsync(Large(70_000), nowhere, CancellationToken.None));
    }

    [Fact]
    [Clause("RFC3261 18.1.1")]
    public async Task Long_request_goes_by_TCP_to_a_peer_known_to_take_it_and_stays_on_UDP_to_others()
    {
        var upstream = IPEndPoint.Parse("192.0.2.5:5060");
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { TcpUpstreams = [upstream] });
        var known = new SipFlow(SipTransport.Udp, upstream);
        var other = new SipFlow(SipTransport.Udp, IPEndPoint.Parse("192.0.2.6:5060"));
        Assert.Equal(SipTransport.Tcp, bench.Layer.ChooseTransport(Large(1_301), known).Transport);
        Assert.Same(known, bench.Layer.ChooseTransport(new RequestMessage("OPTIONS", "sip:a@b"), known));
        Assert.Same(other, bench.Layer.ChooseTransport(Large(1_301), other));
    }

    [Fact]
    public async Task Port_in_use_fails_the_start_and_leaves_nothing_open()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var free = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var layer = new SipTransportLayer(
            new SipTransportOptions { Listeners = [new(SipTransport.Tcp, new(IPAddress.Loopback, free)), new(SipTransport.Udp, new(IPAddress.Loopback, port))] }, TimeProvider.System);
        await Assert.ThrowsAsync<SocketException>(() => layer.StartAsync(new RecordingReceiver(), CancellationToken.None));
        using var again = new TcpListener(IPAddress.Loopback, free);
        again.Start();
    }

    [Fact]
    public async Task Fault_of_the_user_costs_only_its_message()
    {
        var receiver = new RecordingReceiver { OnEach = message => _ = message.CallId == "bad" ? throw new InvalidOperationException("fault") : 0 };
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { Lanes = 1 }, receiver);
        var phone = bench.Udp();
        await phone.SendAsync(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK1", "bad"));
        await phone.SendAsync(TransportBench.Options("UDP 127.0.0.1;rport;branch=z9hG4bK2", "good"));
        Assert.Equal("good", (await bench.Receiver.NextAsync()).Message.CallId);
        Assert.Equal(1, bench.Layer.Counters[TransportEvent.UserFault]);
    }

    [Fact]
    public async Task Stuck_message_delays_only_its_lane_and_a_full_lane_drops()
    {
        using var stuck = new ManualResetEventSlim();
        var receiver = new RecordingReceiver
        {
            OnEach = message =>
            {
                if (message.CallId == "stuck")
                {
                    stuck.Wait(RecordingReceiver.Patience);
                }
            },
        };
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { Lanes = 2, LaneCapacity = 4 }, receiver);
        var phone = bench.Udp();
        for (var number = 0; number < 20; number++)
        {
            await phone.SendAsync(TransportBench.Options($"UDP 127.0.0.1;rport;branch=z9hG4bK{number}", "stuck"));
        }

        // Some of these share the stuck lane, where they are dropped; the others come through.
        for (var number = 0; number < 16; number++)
        {
            await phone.SendAsync(TransportBench.Options($"UDP 127.0.0.1;rport;branch=z9hG4bKo{number}", $"other{number}"));
        }

        Assert.StartsWith("other", (await bench.Receiver.NextAsync()).Message.CallId);
        Assert.True(bench.Layer.Counters[TransportEvent.LaneFull] > 0);
        stuck.Set();
    }

    private static RequestMessage Large(int bytes)
    {
        var request = new RequestMessage("MESSAGE", "sip:a@b");
        request.SetBody("text/plain", new byte[bytes]);
        return request;
    }
}
