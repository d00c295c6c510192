using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Translation;

public sealed class DialogTranslationTests
{
    private const string CallId = "0123456789abcdef01234567";
    private const string Ours = $"<{Group}>;tag=c{CallId}l3";
    private const string Contact = "Contact: <sip:alice@192.0.2.10:5060>";

    private readonly TranslationBench _bench = new TranslationBench().WithAlice();

    [Fact]
    [Clause("RFC3261 15.1.2")]
    public async Task A_bye_goes_to_the_call_and_leg_of_our_tag()
    {
        var response = await _bench.SendAsync(Request("BYE", to: Ours, extra: "Reason: SIP;cause=200", cseq: 4));

        Assert.Equal(200, response!.StatusCode);
        var command = Assert.Single(_bench.Sink.Commands);
        Assert.Equal((ActorKindName.Call, CallId), (command.To.Kind, command.To.Id));
        var bye = command.Call.LegBye;
        Assert.Equal((3u, 4u, "call1@192.0.2.10", "f1", "SIP;cause=200"), (bye.Leg, bye.Cseq, bye.SipCallId, bye.RemoteTag, bye.Reason));
    }

    [Theory]
    [InlineData("<sip:brigade@example.org>;tag=somebody-elses")]
    [InlineData("<sip:brigade@example.org>;tag=c0123456789abcdef0123456Zl3")]
    [InlineData("<sip:brigade@example.org>;tag=c0123456789abcdef01234567l")]
    [InlineData("<sip:brigade@example.org>")]
    public async Task A_bye_without_a_tag_of_ours_is_481(string to)
    {
        Assert.Equal(481, (await _bench.SendAsync(Request("BYE", to: to)))!.StatusCode);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Theory]
    [InlineData(RejectionCode.DialogUnknown)]
    [InlineData(RejectionCode.CallUnknown)]
    public async Task A_dialog_that_the_call_does_not_know_is_481(RejectionCode code)
    {
        _bench.Sink.Answer = _ => FakeSink.Reject(code);

        Assert.Equal(481, (await _bench.SendAsync(Request("BYE", to: Ours)))!.StatusCode);
    }

    [Theory]
    [InlineData(RejectionCode.RequestPending, 491)]
    [InlineData(RejectionCode.CseqOutOfOrder, 500)]
    [InlineData(RejectionCode.NoCommonCodec, 488)]
    public async Task A_reinvite_is_refused_from_the_table(RejectionCode code, int status)
    {
        _bench.Sink.Answer = _ => FakeSink.Reject(code);

        Assert.Equal(status, (await _bench.SendAsync(Reinvite()))!.StatusCode);
    }

    [Theory]
    [Clause("RFC4028 9")]
    [InlineData("uac", "1800;refresher=uac", "timer")]
    [InlineData("uas", "1800;refresher=uas", null)]
    public async Task A_reinvite_is_answered_with_the_answer_and_timer_of_the_call(string refresher, string expires, string? require)
    {
        _bench.Sink.Answer = _ => FakeSink.Accept(new Accepted { Session = new SessionAnswer { SdpAnswer = Offer, SessionExpiresS = 1800, Refresher = refresher } });

        var response = await _bench.SendAsync(Reinvite());

        Assert.Equal((200, expires, require), (response!.StatusCode, response.Headers["Session-Expires"], response.Headers["Require"]));
        Assert.Equal("application/sdp", response.Headers["Content-Type"]);
        Assert.StartsWith($"<sip:call-{CallId}@198.51.100.1:5060;gr={CallId}>", response.Headers["Contact"], StringComparison.Ordinal);
        Assert.EndsWith(";isfocus", response.Headers["Contact"], StringComparison.Ordinal);
        var reoffer = Assert.Single(_bench.Sink.Commands).Call.LegReoffered;
        Assert.Equal((3u, true, "sip:alice@192.0.2.10:5060"), (reoffer.Leg, reoffer.SupportsTimer, reoffer.ContactUri));
        Assert.StartsWith("v=0", reoffer.SdpOffer, StringComparison.Ordinal);
        Assert.Equal(FlowFrom(AliceRemote), reoffer.Flow);
    }

    [Fact]
    [Clause("RFC3261 14.2")]
    public async Task A_reinvite_without_offer_is_answered_with_an_offer()
    {
        _bench.Sink.Answer = _ => FakeSink.Accept(new Accepted { Session = new SessionAnswer { SdpOffer = Offer } });

        var response = await _bench.SendAsync(Request("INVITE", to: Ours, extra: Contact, cseq: 2));

        Assert.Equal(200, response!.StatusCode);
        Assert.True(response.Body.Length > 0);
    }

    [Fact]
    [Clause("RFC3311 5.2")]
    public async Task An_update_without_offer_refreshes_the_session()
    {
        var response = await _bench.SendAsync(Request("UPDATE", to: Ours, extra: $"{Contact}\nSupported: timer\nSession-Expires: 90;refresher=uac", cseq: 2));

        Assert.Equal(200, response!.StatusCode);
        Assert.True(response.Body.IsEmpty);
        Assert.Equal((90u, ""), (_bench.Sink.Commands[0].Call.LegReoffered.SessionExpiresS, _bench.Sink.Commands[0].Call.LegReoffered.SdpOffer));
    }

    [Fact]
    public async Task A_bye_from_a_stranger_is_challenged()
    {
        _bench.WithPassword();

        Assert.Equal(401, (await _bench.SendAsync(Request("BYE", to: Ours), "192.0.2.66:5060"))!.StatusCode);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Fact]
    public async Task In_the_open_the_dialog_is_proof_enough_for_a_bye()
    {
        var open = new TranslationBench(options => options with { Open = true });

        Assert.Equal(200, (await open.SendAsync(Request("BYE", to: Ours), "192.0.2.66:5060"))!.StatusCode);
    }

    [Theory]
    [Clause("RFC6086 4.2.2")]
    [InlineData("Info-Package: g.3gpp.mcptt-info", 469)]
    [InlineData("", 200)]
    public async Task Info_in_a_dialog_is_answered_as_its_package_deserves(string header, int status) =>
        Assert.Equal(status, (await _bench.SendAsync(Request("INFO", to: Ours, extra: header)))!.StatusCode);

    [Fact]
    public async Task Info_outside_a_dialog_is_481() => Assert.Equal(481, (await _bench.SendAsync(Request("INFO")))!.StatusCode);

    [Theory]
    [Clause("RFC3261 8.2.1")]
    [InlineData("MESSAGE", 405)]
    [InlineData("REFER", 405)]
    [InlineData("PRACK", 405)]
    [InlineData("NOTIFY", 405)]
    [InlineData("DANCE", 501)]
    public async Task A_method_that_is_not_served_is_405_when_known_and_501_when_not(string method, int status)
    {
        var response = await _bench.SendAsync(Request(method));

        Assert.Equal(status, response!.StatusCode);
        Assert.Contains("INVITE", response.Headers["Allow"], StringComparison.Ordinal);
    }

    [Fact]
    [Clause("RFC3261 11.2")]
    public async Task Options_tells_what_is_served()
    {
        var response = await _bench.SendAsync(Request("OPTIONS"));

        Assert.Equal(200, response!.StatusCode);
        Assert.Contains("PUBLISH", response.Headers["Allow"], StringComparison.Ordinal);
        Assert.Contains("application/sdp", response.Headers["Accept"], StringComparison.Ordinal);
        Assert.Contains("timer", response.Headers["Supported"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_while_the_node_cannot_serve_is_503_with_a_time_to_try_again()
    {
        _bench.IsReady = false;

        var response = await _bench.SendAsync(Request("OPTIONS"));

        Assert.Equal(503, response!.StatusCode);
        Assert.NotNull(response.Headers["Retry-After"]);
    }

    [Fact]
    public async Task While_draining_new_requests_go_elsewhere_and_calls_go_on()
    {
        _bench.Router.IsDraining = true;

        var options = await _bench.SendAsync(Request("OPTIONS"));

        Assert.Equal(503, options!.StatusCode);
        Assert.NotNull(options.Headers["Retry-After"]);
        Assert.Equal(200, (await _bench.SendAsync(Request("BYE", to: Ours)))!.StatusCode);
    }

    private static string Reinvite() =>
        Request("INVITE", to: Ours, extra: $"{Contact}\nSupported: timer\nSession-Expires: 1800", contentType: "application/sdp", body: Offer, cseq: 2);
}
