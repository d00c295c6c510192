using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transports;

public class StreamTransportTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Fact]
    [Clause("RFC3261 18.2.2")]
    public async Task Answer_goes_on_the_connection_of_the_request_whatever_its_Via_says()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = await bench.TcpAsync();
        await phone.WriteAsync(TransportBench.Options("TCP 10.0.0.1:9;branch=z9hG4bK1"));
        var (message, flow) = await bench.Receiver.NextAsync();
        Assert.NotEqual("", flow.ConnectionId);
        Assert.True(await bench.Layer.SendResponseAsync(((RequestMessage)message).CreateResponse(200), flow, CancellationToken.None));
        Assert.StartsWith("SIP/2.0 200 OK\r\n", await TransportBench.ReadAsync(phone));
    }

    [Fact]
    [Clause("RFC3261 18.3")]
    public async Task Messages_are_cut_out_of_the_stream_however_it_is_cut()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = await bench.TcpAsync();
        byte[] both = [.. TransportBench.Options("TCP h;branch=z9hG4bK1", "first"), .. "\r\n"u8, .. TransportBench.Options("TCP h;branch=z9hG4bK2", "first")];
        foreach (var piece in both.Chunk(7))
        {
            await phone.WriteAsync(piece);
        }

        Assert.Equal("z9hG4bK1", (await bench.Receiver.NextAsync()).Message.TopVia.Branch);
        Assert.Equal("z9hG4bK2", (await bench.Receiver.NextAsync()).Message.TopVia.Branch);
    }

    [Fact]
    public async Task Message_larger_than_the_first_buffer_comes_whole()
    {
        await using var bench = await TransportBench.StartAsync();
        await using var client = await TransportBench.StartAsync();
        var request = TransportBenchRequest(new byte[200_000]);
        Assert.True(await client.Layer.SendAsync(request, bench.Target(SipTransport.Tcp), CancellationToken.None));
        Assert.Equal(200_000, (await bench.Receiver.NextAsync()).Message.Body.Length);
    }

    [Fact]
    [Clause("RFC5626 4.4.1")]
    public async Task Ping_gets_its_pong()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = await bench.TcpAsync();
        await phone.WriteAsync("\r\n\r\n"u8.ToArray());
        Assert.Equal("\r\n", await TransportBench.ReadAsync(phone, "\r\n"));
    }

    [Fact]
    public async Task Message_beyond_the_limit_is_answered_413_and_the_connection_closed()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = await bench.TcpAsync();
        var text = Encoding.UTF8.GetString(TransportBench.Options("TCP h;branch=z9hG4bK1")).Replace("Content-Length: 0", "Content-Length: 262144");
        await phone.WriteAsync(Encoding.UTF8.GetBytes(text));
        Assert.StartsWith("SIP/2.0 413 ", await TransportBench.ReadAsync(phone));
        Assert.True(await TransportBench.IsClosedAsync(phone));
    }

    [Fact]
    public async Task Malformed_message_that_can_be_cut_out_leaves_the_connection_open()
    {
        await using var bench = await TransportBench.StartAsync();
        var phone = await bench.TcpAsync();
        await phone.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK1", extra: "Contact: <sip:\r\n"));
        Assert.StartsWith("SIP/2.0 400 ", await TransportBench.ReadAsync(phone));
        await phone.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK2"));
        Assert.Equal("z9hG4bK2", (await bench.Receiver.NextAsync()).Message.TopVia.Branch);
    }

    [Fact]
    public async Task Half_sent_message_is_cut_off_and_delays_nobody()
    {
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { ReceiveTimeout = Short });
        var slow = await bench.TcpAsync();
        await slow.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bKslow").AsMemory(0, 50));
        var phone = await bench.TcpAsync();
        await phone.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK1"));
        Assert.Equal("z9hG4bK1", (await bench.Receiver.NextAsync()).Message.TopVia.Branch);
        Assert.True(await TransportBench.IsClosedAsync(slow));
        Assert.Equal(1, bench.Layer.Counters[TransportEvent.ReceiveTimedOut]);
    }

    [Fact]
    public async Task Bytes_that_trickle_in_do_not_extend_the_time_of_a_message()
    {
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { ReceiveTimeout = Short });
        var slow = await bench.TcpAsync();
        var closed = TransportBench.IsClosedAsync(slow);
        var message = TransportBench.Options("TCP h;branch=z9hG4bKslow");
        for (var at = 0; at < message.Length && !closed.IsCompleted; at++)
        {
            try
            {
                await slow.WriteAsync(message.AsMemory(at, 1));
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(10);
        }

        Assert.True(await closed);
        Assert.Equal(0, bench.Layer.Counters[TransportEvent.MessageReceived]);
    }

    [Fact]
    public async Task Silent_connection_is_closed_early_before_its_first_message_and_late_after_it()
    {
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { FirstMessageTimeout = Short });
        var phone = await bench.TcpAsync();
        await phone.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK1"));
        var (_, flow) = await bench.Receiver.NextAsync();
        var silent = await bench.TcpAsync();
        Assert.True(await TransportBench.IsClosedAsync(silent));
        Assert.NotEqual(flow, await bench.Receiver.NextClosedAsync());
        Assert.Equal(1, bench.Layer.Connections);
    }

    [Fact]
    public async Task Peer_that_does_not_read_is_cut_off_when_its_queue_is_full()
    {
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { MaxSendQueueBytes = 300_000 });
        var deaf = await bench.TcpAsync();
        await deaf.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK1"));
        var (_, flow) = await bench.Receiver.NextAsync();
        var large = TransportBenchRequest(new byte[100_000]);
        var sent = 0;
        while (sent < 1_000 && await bench.Layer.SendAsync(large, flow, CancellationToken.None))
        {
            sent++;
        }

        Assert.InRange(sent, 2, 999);
        Assert.Equal(flow, await bench.Receiver.NextClosedAsync());
        Assert.Equal(1, bench.Layer.Counters[TransportEvent.SendQueueFull]);
        Assert.False(await bench.Layer.SendAsync(large, flow, CancellationToken.None));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_refused_and_a_place_becomes_free_again()
    {
        await using var bench = await TransportBench.StartAsync(new SipTransportOptions { MaxConnectionsPerAddress = 1 });
        var first = await bench.TcpAsync();
        await first.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK1"));
        await bench.Receiver.NextAsync();
        Assert.True(await TransportBench.IsClosedAsync(await bench.TcpAsync()));
        Assert.Equal(1, bench.Layer.Counters[TransportEvent.ConnectionRefused]);
        await first.DisposeAsync();
        await bench.Receiver.NextClosedAsync();
        var next = await bench.TcpAsync();
        await next.WriteAsync(TransportBench.Options("TCP h;branch=z9hG4bK2"));
        await bench.Receiver.NextAsync();
    }

    [Fact]
    public async Task Connection_is_opened_when_there_is_none_and_used_both_ways()
    {
        await using var one = await TransportBench.StartAsync();
        await using var other = await TransportBench.StartAsync();
        var sends = Enumerable.Range(0, 10).Select(_ => one.Layer.SendAsync(TransportBenchRequest([]), other.Target(SipTransport.Tcp), CancellationToken.None).AsTask());
        Assert.All(await Task.WhenAll(sends), Assert.True);
        var (_, flow) = await other.Receiver.NextAsync();
        Assert.Equal((1, 1), (one.Layer.Connections, other.Layer.Connections));
        Assert.True(await other.Layer.SendAsync(TransportBenchRequest([]), flow, CancellationToken.None));
        await one.Receiver.NextAsync();
        await one.DisposeAsync();
        Assert.Equal(flow, await other.Receiver.NextClosedAsync());
    }

    [Fact]
    public async Task Nobody_listening_is_a_failure_not_an_exception()
    {
        await using var bench = await TransportBench.StartAsync();
        var gone = await TransportBench.StartAsync();
        var target = gone.Target(SipTransport.Tcp);
        await gone.DisposeAsync();
        Assert.False(await bench.Layer.SendAsync(TransportBenchRequest([]), target, CancellationToken.None));
        Assert.Equal(1, bench.Layer.Counters[TransportEvent.ConnectFailed]);
    }

    [Fact]
    [Clause("RFC5626 5.3")]
    public async Task Request_for_a_flow_that_is_gone_fails_and_a_response_goes_to_its_Via()
    {
        await using var bench = await TransportBench.StartAsync();
        await using var phone = await TransportBench.StartAsync();
        var via = $"TCP 127.0.0.1:{phone.Endpoint(SipTransport.Tcp).Port};branch=z9hG4bK1";
        var raw = await bench.TcpAsync();
        await raw.WriteAsync(TransportBench.Options(via));
        var (message, flow) = await bench.Receiver.NextAsync();
        await raw.DisposeAsync();
        await bench.Receiver.NextClosedAsync();
        Assert.False(await bench.Layer.SendAsync(TransportBenchRequest([]), flow, CancellationToken.None));
        Assert.True(await bench.Layer.SendResponseAsync(((RequestMessage)message).CreateResponse(200), flow, CancellationToken.None));
        Assert.Equal(200, ((ResponseMessage)(await phone.Receiver.NextAsync()).Message).StatusCode);
    }

    [Fact]
    public async Task Tls_carries_messages_both_ways_and_plain_text_on_its_port_is_cut_off()
    {
        using var certificate = SelfSigned();
        SipListener[] listeners = [new(SipTransport.Tls, new(IPAddress.Loopback, 0), certificate), new(SipTransport.Tcp, new(IPAddress.Loopback, 0))];
        await using var server = await TransportBench.StartAsync(new SipTransportOptions { Listeners = listeners });
        await using var trusting = await TransportBench.StartAsync(new SipTransportOptions { CertificateValidation = (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint });
        await using var strict = await TransportBench.StartAsync();
        Assert.True(await trusting.Layer.SendAsync(TransportBenchRequest([]), server.Target(SipTransport.Tls), CancellationToken.None));
        var (_, flow) = await server.Receiver.NextAsync();
        Assert.Equal(SipTransport.Tls, flow.Transport);
        Assert.True(await server.Layer.SendAsync(TransportBenchRequest([]), flow, CancellationToken.None));
        await trusting.Receiver.NextAsync();
        Assert.False(await strict.Layer.SendAsync(TransportBenchRequest([]), server.Target(SipTransport.Tls), CancellationToken.None));
        Assert.True(await trusting.Layer.SendAsync(TransportBenchRequest([]), new SipFlow(SipTransport.Tcp, server.Endpoint(SipTransport.Tls)), CancellationToken.None));
        await trusting.Receiver.NextClosedAsync();
    }

    [Fact]
    public async Task Flow_survives_its_stored_form()
    {
        var flow = new SipFlow(SipTransport.Tcp, IPEndPoint.Parse("[2001:db8::1]:5060"), "c9");
        Assert.Equal(flow, SipFlow.From(flow.ToMessage("node1")));
        Assert.Null(SipFlow.From(new Protocol.Messages.Flow { Transport = Protocol.Messages.Transport.Udp, Remote = "nowhere" }));
        var resolver = new TargetResolver(TimeProvider.System);
        Assert.Equal("TLS 192.0.2.1:5061", (await resolver.ResolveAsync(SipUri.Parse("sips:a@192.0.2.1"), CancellationToken.None))!.ToString());
        Assert.Equal("TCP [2001:db8::1]:5070", (await resolver.ResolveAsync(SipUri.Parse("sip:a@[2001:db8::1]:5070;transport=TCP"), CancellationToken.None))!.ToString());
        Assert.Null(await resolver.ResolveAsync(SipUri.Parse("tel:+1"), CancellationToken.None));
        Assert.Equal(5060, (await resolver.ResolveAsync(SipUri.Parse("sip:localhost"), CancellationToken.None))!.Remote.Port);
    }

    private static RequestMessage TransportBenchRequest(byte[] body)
    {
        Assert.True(SipParser.TryParse(TransportBench.Options("TCP 127.0.0.1;branch=z9hG4bKb"), out var message));
        message.SetBody("application/octet-stream", body);
        return (RequestMessage)message;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
