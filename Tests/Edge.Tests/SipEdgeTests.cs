using System.Net;
using Mcptt.Edge.Registrar;
using Mcptt.Edge.Tests.Translation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Edge.Tests;

/// <summary>The whole edge over loopback UDP, with a sink in place of the actors.</summary>
public sealed class SipEdgeTests : IAsyncLifetime
{
    private const string CallId = "0123456789abcdef01234567";
    private const string Alice = TranslationBench.Alice;
    private const string Group = TranslationBench.Group;
    private const string Offer = TranslationBench.Offer;

    private readonly FakeSink _sink = new();
    private readonly Phone _phone = new();
    private SipEdge _edge = null!;
    private int _branch;

    private IPEndPoint Server => _edge.Bound[0].Endpoint;

    public async Task InitializeAsync()
    {
        _edge = await StartAsync();
        _sink.Users[Alice] = new UeView
        {
            Bindings = { new Binding { Client = new ClientContact { McpttId = Alice, ClientId = "c1", ContactUri = $"sip:alice@{_phone.Address}", Flow = PhoneFlow } } },
        };
        _sink.Answer = command => command.Group is null
            ? FakeSink.Accept()
            : FakeSink.Accept(new Accepted { GroupCall = new GroupCallRouted { Call = CallId } });
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _phone.Dispose();
    }

    [Fact]
    public async Task A_phone_registers()
    {
        await _phone.SendAsync(Request("REGISTER", $"Contact: <sip:alice@{_phone.Address}>"), Server);

        var response = await _phone.ResponseAsync(200);

        Assert.NotNull(response.To.Tag);
        var client = _sink.Commands[0].Ue.Register.Client;
        Assert.Equal((Alice, _phone.Address.ToString(), "edge1"), (client.McpttId, client.Flow.Remote, client.Flow.EdgeNode));
    }

    [Fact]
    public async Task A_call_is_answered_by_the_effect_of_its_actor_once_and_its_ack_is_told()
    {
        await _phone.SendAsync(Invite(), Server);
        var invite = (await CommandAsync(command => command.Group?.RouteGroupCall is not null)).Group.RouteGroupCall.Invite;
        var effect = Answer(invite.Request);
        Assert.True(await _edge.SendAsync(effect, CancellationToken.None));
        Assert.True(await _edge.SendAsync(effect, CancellationToken.None));

        var ok = await _phone.ResponseAsync(200);
        Assert.Equal(0, _phone.Waiting);
        await _phone.SendAsync(Ack(ok), Server);

        var acknowledged = await CommandAsync(command => command.Call?.LegAcknowledged is not null);
        Assert.Equal((CallId, 1u), (acknowledged.To.Id, acknowledged.Call.LegAcknowledged.Leg));
    }

    [Fact]
    public async Task A_2xx_is_repeated_until_its_ack_also_when_its_transaction_died_with_the_former_process()
    {
        await _phone.SendAsync(Invite(), Server);
        var invite = (await CommandAsync(command => command.Group?.RouteGroupCall is not null)).Group.RouteGroupCall.Invite;
        await using var restarted = await StartAsync();
        Assert.True(await restarted.SendAsync(Answer(invite.Request), CancellationToken.None));

        var first = await _phone.ResponseAsync(200);
        var second = await _phone.ResponseAsync(200);
        Assert.Equal(first.ToString(), second.ToString());
        await _phone.SendAsync(Ack(first), restarted.Bound[0].Endpoint);
        await CommandAsync(command => command.Call?.LegAcknowledged is not null);
    }

    [Fact]
    public async Task A_cancel_is_told_to_the_call_which_ends_the_invite()
    {
        await _phone.SendAsync(Invite(), Server);
        var invite = (await CommandAsync(command => command.Group?.RouteGroupCall is not null)).Group.RouteGroupCall.Invite;
        await _phone.SendAsync(Request("CANCEL", branch: invite.Request.Via[0].Split("branch=")[1].Split(';')[0]), Server);
        Assert.Equal("1 CANCEL", (await _phone.ResponseAsync(200)).Headers["CSeq"]);

        var cancelled = await CommandAsync(command => command.Call?.LegCancelled is not null);
        Assert.Equal((CallId, invite.Request.CallId, 1u), (cancelled.To.Id, cancelled.Call.LegCancelled.SipCallId, cancelled.Call.LegCancelled.Cseq));
        var refusal = new RefuseInvite { Request = invite.Request, LocalTag = $"c{CallId}l1", Rejection = new Rejection { Code = RejectionCode.RequestTerminated } };
        Assert.True(await _edge.SendAsync(new SipEffect { EffectId = "r", Refuse = refusal }, CancellationToken.None));

        Assert.Equal("1 INVITE", (await _phone.ResponseAsync(487)).Headers["CSeq"]);
    }

    [Fact]
    public async Task A_member_is_invited_acknowledged_and_its_answer_told_to_the_call()
    {
        Assert.True(await _edge.SendAsync(InviteLeg(), CancellationToken.None));
        var invite = await _phone.RequestAsync("INVITE");
        await _phone.SendAsync(invite.CreateResponse(180, toTag: "p1"), Server);
        var ok = invite.CreateResponse(200, toTag: "p1");
        ok.Headers.Add("Contact", $"<sip:alice@{_phone.Address}>");
        ok.SetBody("application/sdp", Offer);
        await _phone.SendAsync(ok, Server);
        var ack = await _phone.RequestAsync("ACK");
        await _phone.SendAsync(ok, Server);
        var again = await _phone.RequestAsync("ACK");

        Assert.Equal(ack.ToString(), again.ToString());
        await CommandAsync(command => command.Call?.LegProgressed is { Status: 180 });
        var answered = (await CommandAsync(command => command.Call?.LegAnswered is not null)).Call.LegAnswered;
        Assert.Equal((2u, Offer), (answered.Leg, answered.SdpAnswer));
    }

    [Fact]
    public async Task A_2xx_to_an_invite_of_the_former_process_is_acknowledged_and_told_to_the_call()
    {
        Assert.True(await _edge.SendAsync(InviteLeg(), CancellationToken.None));
        var invite = await _phone.RequestAsync("INVITE");
        await using var restarted = await StartAsync();
        var ok = invite.CreateResponse(200, toTag: "p1");
        ok.Headers.Add("Contact", $"<sip:alice@{_phone.Address}>");
        await _phone.SendAsync(ok, restarted.Bound[0].Endpoint);

        Assert.Equal($"<{Alice}>;tag=p1", (await _phone.RequestAsync("ACK")).Headers["To"]);
        Assert.Equal(CallId, (await CommandAsync(command => command.Call?.LegAnswered is not null)).To.Id);
    }

    [Fact]
    public async Task A_phone_whose_connection_is_gone_is_invited_at_its_contact()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var effect = InviteLeg();
        effect.Invite.Client.ContactUri = $"sip:alice@{listener.LocalEndpoint};transport=tcp";
        effect.Invite.Client.Flow = new Flow { EdgeNode = "edge1", Transport = Transport.Tcp, Remote = "127.0.0.1:9", ConnectionId = "gone" };
        Assert.True(await _edge.SendAsync(effect, CancellationToken.None));

        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(connection.GetStream());
        Assert.StartsWith("INVITE sip:alice@", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phone_that_cannot_be_reached_at_all_fails_the_leg()
    {
        var effect = InviteLeg();
        effect.Invite.Client.ContactUri = "tel:+4912345";
        effect.Invite.Client.Flow = new Flow { EdgeNode = "edge1", Transport = Transport.Tcp, Remote = "127.0.0.1:9", ConnectionId = "gone" };
        Assert.True(await _edge.SendAsync(effect, CancellationToken.None));

        Assert.Equal(503u, (await CommandAsync(command => command.Call?.LegFailed is not null)).Call.LegFailed.Status);
    }

    [Fact]
    public async Task An_invite_that_no_actor_answers_is_refused_and_cancelled_at_the_deadline()
    {
        await using var hasty = await StartAsync(TimeSpan.FromMilliseconds(200));
        await _phone.SendAsync(Invite(), hasty.Bound[0].Endpoint);

        await _phone.ResponseAsync(504);
        Assert.Equal(CallId, (await CommandAsync(command => command.Call?.LegCancelled is not null)).To.Id);
    }

    [Fact]
    public async Task A_reinvite_is_answered_again_until_its_ack()
    {
        _sink.Answer = _ => FakeSink.Accept(new Accepted { Session = new SessionAnswer { SdpAnswer = Offer } });
        await _phone.SendAsync(Invite(to: $"<{Group}>;tag=c{CallId}l1"), Server);

        var first = await _phone.ResponseAsync(200);
        var second = await _phone.ResponseAsync(200);
        await _phone.SendAsync(Ack(second), Server);

        Assert.Equal(first.ToString(), second.ToString());
        await CommandAsync(command => command.Call?.LegAcknowledged is not null);
    }

    [Fact]
    public async Task A_failing_sink_costs_the_request_and_nothing_else()
    {
        _sink.Answer = _ => throw new InvalidOperationException("broken");
        await _phone.SendAsync(Request("REGISTER", $"Contact: <sip:alice@{_phone.Address}>"), Server);
        await _phone.ResponseAsync(500);
        _sink.Answer = _ => FakeSink.Accept();
        await _phone.SendAsync(Request("REGISTER", $"Contact: <sip:alice@{_phone.Address}>", cseq: 2), Server);

        await _phone.ResponseAsync(200);
    }

    [Fact]
    public async Task Malformed_sdp_is_400_and_an_unknown_method_501()
    {
        await _phone.SendAsync(Invite(sdp: "v=0\r\nm=audio\r\n"), Server);
        Assert.Contains("SDP", (await _phone.ResponseAsync(400)).ReasonPhrase, StringComparison.Ordinal);
        await _phone.SendAsync(Request("DANCE"), Server);

        await _phone.ResponseAsync(501);
    }

    [Fact]
    public async Task A_draining_edge_refuses_what_is_new_and_a_stopped_one_frees_its_port()
    {
        var server = Server;
        _edge.Drain();
        await _phone.SendAsync(Request("OPTIONS"), Server);
        Assert.NotNull((await _phone.ResponseAsync(503)).Headers["Retry-After"]);

        await _edge.StopAsync(CancellationToken.None);

        using var taken = new System.Net.Sockets.UdpClient(server);
        Assert.Equal(server, taken.Client.LocalEndPoint);
    }

    [Fact]
    public async Task A_stop_waits_for_the_answer_to_what_was_sent_and_for_its_report()
    {
        Assert.True(await _edge.SendAsync(InviteLeg(), CancellationToken.None));
        var invite = await _phone.RequestAsync("INVITE");
        var stopping = _edge.StopAsync(CancellationToken.None);
        await _phone.SendAsync(invite.CreateResponse(486, toTag: "p1"), Server);

        await stopping;

        Assert.Equal(486u, (await CommandAsync(command => command.Call?.LegFailed is not null)).Call.LegFailed.Status);
    }

    [Fact]
    public async Task An_edge_that_ends_takes_nothing_new_but_ends_what_it_began()
    {
        Assert.True(await _edge.SendAsync(InviteLeg(), CancellationToken.None));
        var invite = await _phone.RequestAsync("INVITE");
        await _phone.SendAsync(invite.CreateResponse(180, toTag: "p1"), Server);
        await CommandAsync(command => command.Call?.LegProgressed is not null);
        var stopping = _edge.StopAsync(CancellationToken.None);
        var another = InviteLeg();
        another.EffectId = "call-1/9/0";

        Assert.False(await _edge.SendAsync(another, CancellationToken.None));
        var cancel = new CancelLeg { Call = "1", Leg = 2, InviteEffectId = InviteLeg().EffectId, Invite = InviteLeg().Invite };
        Assert.True(await _edge.SendAsync(new SipEffect { EffectId = "call-1/10/0", Cancel = cancel }, CancellationToken.None));
        await _phone.SendAsync((await _phone.RequestAsync("CANCEL")).CreateResponse(200, toTag: "p1"), Server);
        await _phone.SendAsync(invite.CreateResponse(487, toTag: "p1"), Server);
        await stopping;

        Assert.Equal(487u, (await CommandAsync(command => command.Call?.LegFailed is not null)).Call.LegFailed.Status);
        Assert.False(await _edge.SendAsync(another, CancellationToken.None));
    }

    [Fact]
    public async Task A_stop_takes_the_answer_to_a_call_under_way()
    {
        await _phone.SendAsync(Invite(), Server);
        var invite = (await CommandAsync(command => command.Group?.RouteGroupCall is not null)).Group.RouteGroupCall.Invite;
        var stopping = _edge.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        Assert.True(await _edge.SendAsync(Answer(invite.Request), CancellationToken.None));

        await _phone.ResponseAsync(200);
        await stopping;
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_call_that_does_not_answer()
    {
        var clock = new FakeClock();
        await using var edge = await StartAsync(time: clock);
        await _phone.SendAsync(Invite(), edge.Bound[0].Endpoint);
        await CommandAsync(command => command.Group?.RouteGroupCall is not null);
        var stopping = edge.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);

        while (!stopping.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        await stopping;
    }

    private Flow PhoneFlow => new() { EdgeNode = "edge1", Transport = Transport.Udp, Remote = _phone.Address.ToString() };

    private async Task<SipEdge> StartAsync(TimeSpan? inviteDeadline = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var options = new SipEdgeOptions
        {
            NodeName = "edge1",
            Open = true,
            Domains = ["example.org"],
            Listeners = [new SipListener(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0)), new SipListener(SipTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
            T1 = TimeSpan.FromMilliseconds(100),
            InviteDeadline = inviteDeadline ?? TimeSpan.FromMinutes(1),
        };
        var edge = new SipEdge(options, _sink, new ActorSubscriberDirectory(_sink, time), time, NullLogger<SipEdge>.Instance);
        await edge.StartAsync(CancellationToken.None);
        return edge;
    }

    private string Request(string method, string extra = "", uint cseq = 1, string? branch = null, string? to = null, string body = "")
    {
        var head = $"{method} {Group} SIP/2.0\nVia: SIP/2.0/UDP {_phone.Address};branch={branch ?? $"z9hG4bK{_branch++}"}\nMax-Forwards: 70\n"
            + $"From: <{Alice}>;tag=f1\nTo: {to ?? $"<{Group}>"}\nCall-ID: call1@phone\nCSeq: {cseq} {method}\n";
        return head + (extra.Length == 0 ? "" : extra + "\n") + "\n" + body;
    }

    private string Invite(string? to = null, string sdp = Offer) =>
        Request("INVITE", $"Contact: <sip:alice@{_phone.Address}>\nContent-Type: application/sdp", to: to, body: sdp);

    private RequestMessage Ack(ResponseMessage success)
    {
        var ack = RequestMessage.Create("ACK", success.Contacts[0].Uri!, success.From, success.To, success.CallId, success.CSeq.Number);
        ack.Headers.Prepend("Via", $"SIP/2.0/UDP {_phone.Address};branch=z9hG4bKack");
        return ack;
    }

    private static SipEffect Answer(SipRequest request) =>
        new() { EffectId = "a", Answer = new AnswerInvite { Call = CallId, Leg = 1, Request = request, LocalTag = $"c{CallId}l1", SdpAnswer = Offer, GroupId = Group } };

    private SipEffect InviteLeg() =>
        new()
        {
            EffectId = "i",
            Invite = new InviteLeg
            {
                Call = CallId,
                Leg = 2,
                SipCallId = $"{CallId}.2@mcptt",
                LocalTag = $"c{CallId}l2",
                GroupId = Group,
                SdpOffer = Offer,
                Automatic = true,
                Client = new ClientContact { McpttId = Alice, ClientId = "c1", ContactUri = $"sip:alice@{_phone.Address}", Flow = PhoneFlow },
            },
        };

    private async Task<Command> CommandAsync(Func<Command, bool> isWanted)
    {
        for (var wait = 0; wait < 1_000; wait++)
        {
            if (_sink.Commands.FirstOrDefault(isWanted) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new InvalidOperationException($"the command did not come; there are: {string.Join("; ", _sink.Commands)}");
    }
}
