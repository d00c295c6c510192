using System.Text;
using Mcptt.Edge.Outbox;
using Mcptt.Edge.Tests.Translation;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Edge.Tests.Outbox;

public sealed class EffectSenderTests : IDisposable
{
    private const string CallId = "0123456789abcdef01234567";
    private const string Group = TranslationBench.Group;
    private const string Bob = "sip:bob@example.org";
    private const string Offer = TranslationBench.Offer;
    private const string Tag = $"c{CallId}l2";

    private readonly TranslationBench _bench = new();
    private readonly FakeWire _wire = new();
    private readonly LegReports _reports;
    private readonly EffectSender _sender;

    public EffectSenderTests()
    {
        _reports = new LegReports(new CommandSender(_bench.Sink, _bench.Clock), new CommandStamp(_bench.Clock), NullLogger.Instance);
        _sender = new EffectSender(_bench.Own, _wire, _reports, "edge1", new ResourcePriorities());
    }

    public void Dispose() => _reports.Dispose();

    [Fact]
    [Clause("TS24.379 6.3.3.1.2")]
    public void An_mcptt_client_is_invited_with_all_that_the_service_wants()
    {
        Send(Invite());

        var (request, _, _) = Assert.Single(_wire.Requests);
        var message = request.Message;
        Assert.Equal(("INVITE", "sip:bob@192.0.2.20:5060"), (message.Method, message.RequestUriText));
        Assert.Equal("z9hG4bK" + McpttIds.Hash("call-x/7/0", 32), request.Branch);
        Assert.Equal($"<{Group}>;tag={Tag}", message.Headers["From"]);
        Assert.Equal(($"<{Bob}>", $"{CallId}.2@mcptt", "1 INVITE"), (message.Headers["To"], message.CallId, message.Headers["CSeq"]));
        Assert.Equal(
            $"<sip:call-{CallId}@198.51.100.1:5060;gr={CallId}>;+g.3gpp.mcptt;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt\";isfocus",
            message.Headers["Contact"]);
        Assert.Equal(
            ["*;+g.3gpp.mcptt;require;explicit", "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt\";require;explicit"],
            message.Headers.All("Accept-Contact"));
        Assert.Equal("urn:urn-7:3gpp-service.ims.icsi.mcptt", message.Headers["P-Asserted-Service"]);
        Assert.Equal("<sip:mcptt@example.org>", message.Headers["P-Asserted-Identity"]);
        Assert.Equal(("Auto", "1800", "timer"), (message.Headers["Answer-Mode"], message.Headers["Session-Expires"], message.Headers["Supported"]));
        Assert.True(MultipartBody.TryReadParts(message, out var parts));
        Assert.Equal(["application/vnd.3gpp.mcptt-info+xml", "application/sdp"], parts.Select(part => part.ContentType.Name));
        Assert.True(McpttInfo.TryParse(parts[0].Content.Span, out var info, out _));
        Assert.Equal(("prearranged", Bob, TranslationBench.Alice, Group), (info.SessionType, info.RequestUri, info.CallingUserId, info.CallingGroupId));
        Assert.Null(info.EmergencyInd);
        Assert.Equal(Offer, parts[1].Text);
    }

    [Fact]
    public void A_plain_phone_is_invited_with_plain_sdp_by_its_path()
    {
        var effect = Invite(mcpttClient: false);
        effect.Invite.Client.Route.Add("<sip:p1.example.org;lr>");
        effect.Invite.Automatic = false;
        Send(effect);

        var message = Assert.Single(_wire.Requests).Request.Message;
        Assert.Equal(("application/sdp", "Manual", "<sip:p1.example.org;lr>"), (message.Headers["Content-Type"], message.Headers["Answer-Mode"], message.Headers["Route"]));
        Assert.False(message.Headers.Contains("Accept-Contact"));
    }

    [Fact]
    public void The_same_effect_makes_the_same_bytes_and_goes_out_once_per_process()
    {
        var again = new FakeWire();
        Send(Invite());
        Send(Invite());
        new EffectSender(_bench.Own, again, _reports, "edge1", new ResourcePriorities()).TrySend(Invite());

        Assert.Equal(Assert.Single(_wire.Requests).Request.Message.ToString(), Assert.Single(again.Requests).Request.Message.ToString());
        Assert.Equal(_wire.Requests[0].Request.Branch, again.Requests[0].Request.Branch);
    }

    [Fact]
    public void An_effect_for_the_flow_of_another_edge_is_not_taken()
    {
        var effect = Invite();
        effect.Invite.Client.Flow.EdgeNode = "edge2";

        Assert.False(_sender.TrySend(effect));
        Assert.Empty(_wire.Requests);
    }

    [Fact]
    [Clause("RFC3261 13.2.2.4")]
    public void A_2xx_is_acknowledged_and_reported_with_its_dialog()
    {
        Send(Invite());
        var (request, onResponse, _) = _wire.Requests[0];
        onResponse(Response(request, 180));
        onResponse(Response(request, 200, "Contact: <sip:bob@192.0.2.21:5062>\r\nRecord-Route: <sip:p1.example.org;lr>, <sip:p2.example.org;lr>\r\nSession-Expires: 1800;refresher=uas\r\n", Offer));

        var ack = Assert.Single(_wire.Acks).Message;
        Assert.Equal(("ACK", "sip:bob@192.0.2.21:5062", "1 ACK"), (ack.Method, ack.RequestUriText, ack.Headers["CSeq"]));
        Assert.Equal(["<sip:p2.example.org;lr>", "<sip:p1.example.org;lr>"], ack.Headers.All("Route"));
        Assert.Equal("<sip:bob@example.org>;tag=b1", ack.Headers["To"]);

        var commands = _bench.Sink.Commands;
        Assert.Equal((2u, 180u), (commands[0].Call.LegProgressed.Leg, commands[0].Call.LegProgressed.Status));
        Assert.Equal($"sip-response:{request.Branch}:200:b1", commands[1].CommandId);
        var answered = commands[1].Call.LegAnswered;
        Assert.Equal((CallId, "corr"), (commands[1].To.Id, commands[1].CorrelationId));
        Assert.Equal((2u, "<sip:bob@example.org>;tag=b1", "sip:bob@192.0.2.21:5062", 1u), (answered.Leg, answered.Remote, answered.ContactUri, answered.Cseq));
        Assert.Equal(["<sip:p2.example.org;lr>", "<sip:p1.example.org;lr>"], answered.RouteSet);
        Assert.Equal((Offer, 1800u, "uas"), (answered.SdpAnswer, answered.SessionExpiresS, answered.Refresher));
        Assert.Equal(request.Flow, answered.Flow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_is_reported_with_its_status_and_whether_the_leg_existed(bool refresh)
    {
        Send(refresh ? Refresh() : Invite());
        var (request, onResponse, onFailure) = _wire.Requests[0];
        onResponse(Response(request, 486));
        onFailure(408);

        var failed = _bench.Sink.Commands.Select(command => command.Call.LegFailed).ToList();
        Assert.Equal([486u, 408u], failed.Select(failure => failure.Status));
        Assert.All(failed, failure => Assert.Equal((2u, refresh), (failure.Leg, failure.InDialog)));
    }

    [Fact]
    public async Task A_report_is_repeated_with_its_id_until_the_call_has_it()
    {
        var asked = 0;
        _bench.Sink.Answer = _ => ++asked < 4 ? FakeSink.Unavailable(UnavailableReason.Journal) : FakeSink.Accept();
        Send(Invite());
        _wire.Requests[0].OnFailure(408);
        while (_reports.Pending > 0)
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(4, _bench.Sink.Commands.Count);
        Assert.Single(_bench.Sink.Commands.Select(command => command.CommandId).Distinct());
    }

    [Fact]
    [Clause("RFC3261 12.2.1.1")]
    public void A_bye_follows_the_route_set_of_the_dialog()
    {
        Send(new SipEffect { EffectId = "e", Bye = new ByeLeg { Call = CallId, Leg = 2, Dialog = Dialog(), Reason = "call \"released\"" } });

        var message = Assert.Single(_wire.Requests).Request.Message;
        Assert.Equal(("BYE", "sip:bob@192.0.2.20:5060", "5 BYE"), (message.Method, message.RequestUriText, message.Headers["CSeq"]));
        Assert.Equal(["<sip:p1.example.org;lr>"], message.Headers.All("Route"));
        Assert.Equal("SIP;cause=200;text=\"call \\\"released\\\"\"", message.Headers["Reason"]);
    }

    [Fact]
    [Clause("RFC3261 12.2.1.1")]
    public void A_strict_router_becomes_the_request_uri_and_the_target_the_last_route()
    {
        var dialog = Dialog();
        dialog.RouteSet.Clear();
        dialog.RouteSet.Add(["<sip:strict.example.org>", "<sip:p2.example.org;lr>"]);
        Send(new SipEffect { EffectId = "e", Bye = new ByeLeg { Call = CallId, Leg = 2, Dialog = dialog } });

        var message = Assert.Single(_wire.Requests).Request.Message;
        Assert.Equal("sip:strict.example.org", message.RequestUriText);
        Assert.Equal(["<sip:p2.example.org;lr>", "<sip:bob@192.0.2.20:5060>"], message.Headers.All("Route"));
    }

    [Fact]
    [Clause("RFC4028 7.4")]
    public void A_session_refresh_is_a_reinvite_of_which_we_are_the_refresher()
    {
        Send(Refresh());

        var message = Assert.Single(_wire.Requests).Request.Message;
        Assert.Equal(("INVITE", "5 INVITE", "1800;refresher=uac"), (message.Method, message.Headers["CSeq"], message.Headers["Session-Expires"]));
        Assert.Equal("application/sdp", message.Headers["Content-Type"]);
    }

    [Fact]
    public void A_cancel_names_the_invite_that_its_effect_sent()
    {
        Send(new SipEffect { EffectId = "call-x/9/0", Cancel = new CancelLeg { Call = CallId, Leg = 2, InviteEffectId = "call-x/7/0", Invite = Invite().Invite, Reason = "over" } });

        var (invite, reason) = Assert.Single(_wire.Cancels);
        Assert.Equal(("z9hG4bK" + McpttIds.Hash("call-x/7/0", 32), "over"), (invite.Branch, reason));
    }

    [Fact]
    [Clause("TS24.379 9.3.1")]
    public void A_notify_carries_the_status_of_every_client()
    {
        var notify = new NotifyAffiliation { McpttId = Bob, Dialog = Dialog(), ExpiresS = 3600 };
        notify.Status.Add(new AffiliationStatus { ClientId = "c1", GroupId = Group, Status = "affiliated" });
        notify.Status.Add(new AffiliationStatus { ClientId = "c2", GroupId = Group, Status = "deaffiliating" });
        Send(new SipEffect { EffectId = "e", NotifyAffiliation = notify });
        Send(new SipEffect { EffectId = "e2", NotifyAffiliation = new NotifyAffiliation { McpttId = Bob, Dialog = Dialog() } });

        var message = _wire.Requests[0].Request.Message;
        Assert.Equal(("NOTIFY", "presence", "active;expires=3600"), (message.Method, message.Headers["Event"], message.Headers["Subscription-State"]));
        Assert.True(AffiliationPidf.TryParse(message.Body.Span, out var pidf, out _));
        Assert.Equal(["c1", "c2"], pidf.Tuples.Select(tuple => tuple.ClientId));
        Assert.Equal("deaffiliating", pidf.Tuples[1].Affiliations[0].Status);
        Assert.Equal("terminated;reason=timeout", _wire.Requests[1].Request.Message.Headers["Subscription-State"]);
    }

    [Theory]
    [Clause("TS24.379 4.4")]
    [InlineData(true, "multipart/mixed;boundary=mcptt-boundary")]
    [InlineData(false, "application/sdp")]
    public void The_200_to_the_originator_speaks_its_language(bool mcpttClient, string contentType)
    {
        var answer = new AnswerInvite
        {
            Call = CallId,
            Leg = 1,
            Request = Request(mcpttClient),
            LocalTag = $"c{CallId}l1",
            SdpAnswer = Offer,
            SessionExpiresS = 1800,
            Refresher = "uac",
            Warning = 123,
            GroupId = Group,
            SessionType = SessionType.Prearranged,
            Unconfirmed = true,
        };
        Send(new SipEffect { EffectId = "e", Answer = answer });

        var (_, response, onNotAcknowledged) = Assert.Single(_wire.Successes);
        Assert.Equal((200, contentType, $"c{CallId}l1"), (response.StatusCode, response.Headers["Content-Type"], response.To.Tag));
        Assert.Equal(["SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKone;received=192.0.2.10", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKtwo"], response.Headers.All("Via"));
        Assert.Equal(["<sip:p1.example.org;lr>"], response.Headers.All("Record-Route"));
        Assert.Equal("399 198.51.100.1 \"123 MCPTT session already exists\"", response.Headers["Warning"]);
        Assert.Equal(("1800;refresher=uac", "timer", "Unconfirmed"), (response.Headers["Session-Expires"], response.Headers["Require"], response.Headers["P-Answer-State"]));
        Assert.Equal(mcpttClient, response.Headers["Contact"]!.Contains("+g.3gpp.mcptt", StringComparison.Ordinal));
        onNotAcknowledged();
        Assert.Equal(1u, Assert.Single(_bench.Sink.Commands).Call.LegNotAcknowledged.Leg);
    }

    [Fact]
    public void A_refusal_comes_from_the_table_and_needs_no_transaction()
    {
        Send(new SipEffect { EffectId = "e", Refuse = new RefuseInvite { Request = Request(false), LocalTag = "t1", Rejection = new Rejection { Code = RejectionCode.RequestTerminated } } });

        var (_, response) = Assert.Single(_wire.Responses);
        Assert.Equal((487, "t1", "1 INVITE"), (response.StatusCode, response.To.Tag, response.Headers["CSeq"]));
    }

    [Fact]
    public void A_2xx_is_not_acknowledged_before_its_call_knows_of_it_so_that_it_comes_again()
    {
        Send(Invite());
        var (request, onResponse, _) = _wire.Requests[0];
        var success = Response(request, 200, "Contact: <sip:bob@192.0.2.21>\r\n", Offer);
        _bench.Sink.Answer = _ => FakeSink.Unavailable(UnavailableReason.Stopping);
        onResponse(success);
        Assert.Empty(_wire.Acks);

        // Repeated, perhaps to the process after this one.
        _bench.Sink.Answer = _ => FakeSink.Accept();
        _sender.OnStrayResponse(success, TranslationBench.FlowFrom("192.0.2.20:5060"));
        Assert.Single(_wire.Acks);

        _bench.Sink.Answer = _ => FakeSink.Reject(RejectionCode.CallUnknown);
        onResponse(success);
        Assert.Equal(2, _wire.Acks.Count);
    }

    [Fact]
    public void A_2xx_that_outlived_the_process_is_acknowledged_and_reported_once_more()
    {
        Send(Invite());
        var (request, onResponse, _) = _wire.Requests[0];
        var success = Response(request, 200, "Contact: <sip:bob@192.0.2.21>\r\n", Offer);
        onResponse(success);
        _sender.OnStrayResponse(success, TranslationBench.FlowFrom("192.0.2.20:5060"));

        Assert.Equal(2, _wire.Acks.Count);
        Assert.Equal(_wire.Acks[0].Message.ToString(), _wire.Acks[1].Message.ToString());
        Assert.Equal(_wire.Acks[0].Branch, _wire.Acks[1].Branch);
        Assert.Single(_bench.Sink.Commands.Select(command => command.CommandId).Distinct());
        Assert.Equal((CallId, 2u), (_bench.Sink.Commands[1].To.Id, _bench.Sink.Commands[1].Call.LegAnswered.Leg));
    }

    [Fact]
    public void A_failure_that_outlived_the_process_is_acknowledged_in_the_transaction_of_its_invite()
    {
        Send(Invite());
        var request = _wire.Requests[0].Request;
        _sender.OnStrayResponse(Response(request, 486), TranslationBench.FlowFrom("192.0.2.20:5060"));

        Assert.Equal(request.Branch, Assert.Single(_wire.Acks).Branch);
        Assert.Equal((486u, false), (_bench.Sink.Commands[0].Call.LegFailed.Status, _bench.Sink.Commands[0].Call.LegFailed.InDialog));
    }

    [Fact]
    public void Stray_responses_that_are_not_ours_are_dropped()
    {
        Send(Invite());
        var request = _wire.Requests[0].Request;
        request.Message.Headers.Set("From", $"<{Group}>;tag=other");
        _sender.OnStrayResponse(Response(request, 200), TranslationBench.FlowFrom("192.0.2.20:5060"));

        Assert.Empty(_wire.Acks);
        Assert.Empty(_bench.Sink.Commands);
    }

    private void Send(SipEffect effect) => Assert.True(_sender.TrySend(effect));

    private static SipEffect Invite(bool mcpttClient = true) =>
        new()
        {
            EffectId = "call-x/7/0",
            CorrelationId = "corr",
            Invite = new InviteLeg
            {
                Call = CallId,
                Leg = 2,
                SipCallId = $"{CallId}.2@mcptt",
                LocalTag = Tag,
                GroupId = Group,
                CallingUserId = TranslationBench.Alice,
                SessionType = SessionType.Prearranged,
                SdpOffer = Offer,
                SessionExpiresS = 1800,
                Automatic = true,
                Client = new ClientContact
                {
                    McpttId = Bob,
                    ClientId = "c1",
                    ContactUri = "sip:bob@192.0.2.20:5060",
                    Flow = TranslationBench.FlowFrom("192.0.2.20:5060"),
                    McpttClient = mcpttClient,
                },
            },
        };

    private static SipEffect Refresh() =>
        new() { EffectId = "e", CorrelationId = "corr", Refresh = new RefreshLeg { Call = CallId, Leg = 2, Dialog = Dialog(), SdpOffer = Offer, SessionExpiresS = 1800 } };

    private static Dialog Dialog() =>
        new()
        {
            CallId = $"{CallId}.2@mcptt",
            Local = $"<{Group}>;tag={Tag}",
            Remote = $"<{Bob}>;tag=b1",
            RemoteTarget = "sip:bob@192.0.2.20:5060",
            RouteSet = { "<sip:p1.example.org;lr>" },
            LocalCseq = 5,
            Flow = TranslationBench.FlowFrom("192.0.2.20:5060"),
        };

    private static SipRequest Request(bool mcpttClient) =>
        new()
        {
            Method = "INVITE",
            Via = { "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKone;received=192.0.2.10", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKtwo" },
            From = $"<{TranslationBench.Alice}>;tag=f1",
            To = "<sip:mcptt@example.org>",
            CallId = "call1@192.0.2.10",
            Cseq = 1,
            RecordRoute = { "<sip:p1.example.org;lr>" },
            Flow = TranslationBench.FlowFrom(TranslationBench.AliceRemote),
            McpttClient = mcpttClient,
        };

    private static ResponseMessage Response(OutboundRequest request, int status, string headers = "", string sdp = "")
    {
        var type = sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "";
        var text = $"SIP/2.0 {status} Status\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch={request.Branch}\r\nFrom: {request.Message.Headers["From"]}\r\n"
            + $"To: {request.Message.Headers["To"]!.Split(";tag")[0]};tag=b1\r\nCall-ID: {request.Message.CallId}\r\nCSeq: {request.Message.Headers["CSeq"]}\r\n{headers}{type}\r\n{sdp}";
        Assert.True(SipParser.TryParse(Encoding.UTF8.GetBytes(text), out var message, out var error), error.ToString());
        return Assert.IsType<ResponseMessage>(message);
    }
}
