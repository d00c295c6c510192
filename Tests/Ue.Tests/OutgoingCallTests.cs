using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Rtp;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Events;
using Mcptt.Ue.Signalling;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Ue.Tests;

public sealed class OutgoingCallTests : ClientTestBase
{
    [Fact]
    [Clause("TS24.379 10.1.1.2.1")]
    public async Task An_INVITE_to_a_group_is_that_of_a_strict_client()
    {
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.CallAsync(Group, implicitFloorRequest: true, CancellationToken.None));
        var invite = await Server.TakeAsync(SipMethods.Invite);

        Assert.Equal("sip:mcptt@example.org", invite.RequestUriText);
        Assert.Equal(McpttIdentifiers.Icsi, invite.Headers[SipHeaderNames.PPreferredService]);
        Assert.Equal(2, invite.AcceptContacts.Count(parameters => parameters.Contains("require") && parameters.Contains("explicit")));
        Assert.True(invite.Contacts[0].HasFeature(McpttIdentifiers.McpttFeatureTag));
        Assert.Contains("timer", invite.Supported);
        Assert.Equal(new SessionExpires(1800, null), invite.SessionExpires);
        var info = MessageBodies.Info(invite);
        Assert.Equal(("prearranged", Group, null), (info?.SessionType, info?.RequestUri, info?.CallingUserId));
        Assert.NotNull(info?.ClientId);
        var sdp = MessageBodies.Sdp(invite);
        Assert.Contains(sdp!.Media, media => media.IsFloorChannel && media.Port > 0);

        var ack = await Server.TakeAsync(SipMethods.Ack);
        Assert.Equal((invite.CSeq.Number, "sip:call-1@192.0.2.1;gr=1", "srv"), (ack.CSeq.Number, ack.RequestUriText, ack.To.Tag));
        Assert.True((await ExpectAsync("established")) is CallEstablished { Outgoing: true, Setup.Ticks: > 0 });
    }

    [Fact]
    public async Task A_plain_phone_calls_the_groups_own_URI_without_MCPTT_words()
    {
        await OpenAsync(options => options with { PlainPhone = true });
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.CallAsync(Group, implicitFloorRequest: false, CancellationToken.None));
        var invite = await Server.TakeAsync(SipMethods.Invite);
        Assert.Equal((Group, McpttMimeTypes.Sdp), (invite.RequestUriText, invite.ContentType?.Name));
        Assert.DoesNotContain("mcptt", invite.ToString().Replace(Group, ""), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_refusal_tells_status_and_warning()
    {
        Server.On(SipMethods.Invite, request =>
        {
            var response = request.CreateResponse(404, null, "srv");
            response.Headers.Add(SipHeaderNames.Warning, "399 example.org \"113 group document does not exist\"");
            return response;
        });
        Assert.Equal("call-failed: 404 Not Found (113 group document does not exist)", await Client.CallAsync(Group, false, CancellationToken.None));
        Assert.True((await ExpectAsync("call-failed")).Has("status", "404"));
        Assert.Null(Client.Report);
    }

    [Fact]
    [Clause("RFC4028 7.3")]
    public async Task A_session_interval_too_small_is_asked_for_again_with_the_minimum()
    {
        Server.On(SipMethods.Invite, request =>
        {
            if (request.MinSESeconds is not null)
            {
                return WithSdp(request.CreateResponse(200, null, "srv"), Sdp());
            }

            var response = request.CreateResponse(422, null, "srv");
            response.Headers.Add(SipHeaderNames.MinSE, "3600");
            return response;
        });
        Assert.Null(await Client.CallAsync(Group, false, CancellationToken.None));
        await Server.TakeAsync(SipMethods.Invite);
        var again = await Server.TakeAsync(SipMethods.Invite);
        Assert.Equal((3600u, 3600u, 2u), (again.SessionExpires?.Seconds, again.MinSESeconds, again.CSeq.Number));
    }

    [Fact]
    [Clause("RFC3261 9.1")]
    public async Task Giving_up_sends_CANCEL_and_the_call_fails_with_487()
    {
        Server.On(SipMethods.Invite, _ => null);
        var calling = Client.CallAsync(Group, false, CancellationToken.None);
        var invite = await Server.TakeAsync(SipMethods.Invite);
        Server.Respond(invite, 180);
        await ExpectAsync("progress");
        Assert.Null(await Client.CancelCallAsync(CancellationToken.None));
        Assert.Equal("call-failed: 487 Request Terminated", await calling);
        Assert.NotNull(Server.Cancelled);
    }

    [Fact]
    [Clause("RFC3261 13.2.2.4")]
    public async Task An_answer_without_audio_is_acknowledged_and_hung_up()
    {
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp(rtpPort: 0))).On(SipMethods.Bye, 200);
        Assert.Contains("no audio", await Client.CallAsync(Group, false, CancellationToken.None));
        await Server.TakeAsync(SipMethods.Ack);
        await Server.TakeAsync(SipMethods.Bye);
    }

    [Fact]
    public async Task Hanging_up_sends_BYE_and_ends_the_call()
    {
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp())).On(SipMethods.Bye, 200);
        Assert.Null(await Client.CallAsync(Group, false, CancellationToken.None));
        Assert.Null(await Client.HangUpAsync(CancellationToken.None));
        Assert.Equal(2u, (await Server.TakeAsync(SipMethods.Bye)).CSeq.Number);
        await ExpectAsync("ended");
        Assert.Equal("no call to hang up", await Client.HangUpAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_second_call_is_refused_by_the_client_itself()
    {
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.CallAsync(Group, false, CancellationToken.None));
        Assert.Contains("already", await Client.CallAsync(Group, false, CancellationToken.None));
    }

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public async Task A_grant_starts_RTP_and_Release_ends_it()
    {
        using var rtp = Bind();
        using var floor = Bind();
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp(Port(rtp), Port(floor))));
        Assert.Null(await Client.CallAsync(Group, false, CancellationToken.None));
        Assert.Null(Client.Press(new Ue.Floor.FloorWish(3)));
        var buffer = new byte[2_000];
        var from = await floor.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(FloorCodec.TryDecode(buffer.AsSpan(0, from.ReceivedBytes), out var request, out _));
        Assert.Equal((FloorMessageType.FloorRequest, (byte?)3), (request.Type, request.Priority));
        floor.SendTo(FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorGranted, 9) { DurationSeconds = 30 }), from.RemoteEndPoint);

        var octets = await rtp.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(RtpHeader.TryRead(buffer.AsSpan(0, octets), out var header));
        Assert.Equal((true, Client.Report?.Ssrc), (header.Marker, header.Ssrc));
        Assert.Null(Client.Release());
        await floor.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(FloorCodec.TryDecode(buffer, out var release, out _));
        Assert.Equal(FloorMessageType.FloorRelease, release.Type);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
