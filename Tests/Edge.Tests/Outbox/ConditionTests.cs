using Mcptt.Edge.Outbox;
using Mcptt.Edge.Tests.Translation;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Outbox;

/// <summary>Emergency and imminent peril as SIP says and hears them (TS 24.379 F.1, RFC 8101).</summary>
public sealed class ConditionTests
{
    private const string CallId = "0123456789abcdef01234567";
    private const string Ours = $"<{Group}>;tag=c{CallId}l3";

    private readonly TranslationBench _bench = new TranslationBench().WithAlice();
    private readonly EffectRequests _requests;
    private readonly EffectResponses _responses;

    public ConditionTests()
    {
        _requests = new EffectRequests(_bench.Own, new ResourcePriorities { Normal = "mcpttq.3" });
        _responses = new EffectResponses(_bench.Own);
    }

    [Theory]
    [Clause("RFC8101 3")]
    [InlineData(true, false, "mcpttp.15")]
    [InlineData(false, true, "mcpttp.14")]
    [InlineData(false, false, "mcpttq.3")]
    public void An_invite_has_the_priority_and_the_indicators_of_its_call(bool emergency, bool peril, string priority)
    {
        var client = new ClientContact { McpttId = Alice, ContactUri = "sip:alice@192.0.2.10", McpttClient = true };
        var leg = new InviteLeg { Call = CallId, Leg = 2, GroupId = Group, Client = client, SdpOffer = Offer, Emergency = emergency, ImminentPeril = peril };
        var message = _requests.Invite("e", leg).Message;

        Assert.Equal(priority, message.Headers["Resource-Priority"]);
        var info = InfoOf(message);
        Assert.Equal((emergency, peril), (info?.EmergencyInd ?? false, info?.ImminentPerilInd ?? false));
    }

    [Fact]
    public void Without_a_configured_priority_there_is_no_such_header() =>
        Assert.False(new EffectRequests(_bench.Own, new ResourcePriorities()).Refresh("e", Refresh()).Message.Headers.Contains("Resource-Priority"));

    [Fact]
    [Clause("TS24.379 6.3.3.1.13")]
    public void A_reinvite_tells_what_the_call_is_and_what_it_is_not_any_more_beside_its_offer()
    {
        var begun = _requests.Refresh("e", Refresh(emergency: true, tells: true)).Message;
        Assert.Equal("mcpttp.15", begun.Headers["Resource-Priority"]);
        Assert.Equal((true, false), (InfoOf(begun)?.EmergencyInd, InfoOf(begun)?.ImminentPerilInd));
        Assert.True(MultipartBody.TryReadParts(begun, out var parts) && parts.Any(part => part.Text == Offer));

        Assert.Equal(false, InfoOf(_requests.Refresh("e", Refresh(tells: true)).Message)?.EmergencyInd);
        Assert.Null(InfoOf(_requests.Refresh("e", Refresh(emergency: true)).Message));
    }

    [Fact]
    [Clause("RFC6086 4.2")]
    public void The_real_state_goes_out_as_INFO_of_its_package()
    {
        var message = _requests.Inform("e", new InformLeg { Call = CallId, Leg = 3, Dialog = Dialog(), Emergency = true }).Message;

        Assert.Equal(("INFO", "g.3gpp.mcptt-info", "Info-Package", "5 INFO"), (message.Method, message.Headers["Info-Package"], message.Headers["Content-Disposition"], message.Headers["CSeq"]));
        Assert.Equal((true, false), (InfoOf(message)?.EmergencyInd, InfoOf(message)?.ImminentPerilInd));
    }

    [Fact]
    public void A_200_into_an_emergency_says_so()
    {
        var answer = new AnswerInvite { Call = CallId, Leg = 3, Request = Request(mcptt: true), LocalTag = "t", SdpAnswer = Offer, GroupId = Group, Emergency = true };
        Assert.Equal(true, InfoOf(_responses.Accept(answer))?.EmergencyInd);
    }

    [Theory]
    [Clause("TS24.379 6.3.3.1.14")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refusal_shows_an_mcptt_client_that_it_is_not_so(bool mcptt)
    {
        var rejection = new Rejection { Code = RejectionCode.NotAuthorised, Detail = "the user may not start an emergency call", Emergency = Indication.False };
        var response = _responses.Refuse(new RefuseInvite { Request = Request(mcptt), LocalTag = "t", Rejection = rejection });

        Assert.Equal(403, response.StatusCode);
        Assert.Contains("100 function not allowed due to the user may not start an emergency call", response.Headers["Warning"], StringComparison.Ordinal);
        Assert.Equal(mcptt ? false : null, InfoOf(response)?.EmergencyInd);
    }

    [Theory]
    [InlineData("<emergency-ind type=\"Normal\"><mcpttBoolean>true</mcpttBoolean></emergency-ind>", Indication.True, Indication.Unspecified)]
    [InlineData("<emergency-ind>false</emergency-ind><imminentperil-ind>true</imminentperil-ind>", Indication.False, Indication.True)]
    [InlineData("", Indication.Unspecified, Indication.Unspecified)]
    public async Task A_reinvite_carries_what_its_mcptt_info_declares(string elements, Indication emergency, Indication peril)
    {
        _bench.Sink.Answer = _ => FakeSink.Accept(new Accepted { Session = new SessionAnswer { SdpAnswer = Offer } });
        var response = await _bench.SendAsync(Reinvite(elements));

        Assert.Equal(200, response!.StatusCode);
        var reoffered = Assert.Single(_bench.Sink.Commands).Call.LegReoffered;
        Assert.Equal((emergency, peril), (reoffered.Emergency, reoffered.ImminentPeril));
    }

    [Fact]
    public async Task A_reinvite_that_must_wait_for_INFO_is_answered_with_149()
    {
        _bench.Sink.Answer = _ => FakeSink.Accept(new Accepted { Session = new SessionAnswer { SdpAnswer = Offer, Warning = 149 } });
        Assert.Contains("\"149 ", (await _bench.SendAsync(Reinvite("<imminentperil-ind>true</imminentperil-ind>")))!.Headers["Warning"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reinvite_that_is_refused_shows_how_things_are()
    {
        _bench.Sink.Answer = _ => new Reply { Rejection = new Rejection { Code = RejectionCode.NotAuthorised, Emergency = Indication.True } };
        var response = await _bench.SendAsync(Reinvite("<emergency-ind>false</emergency-ind>"));

        Assert.Equal((403, true), (response!.StatusCode, InfoOf(response)?.EmergencyInd));
    }

    private static McpttInfo? InfoOf(SipMessage message) =>
        MultipartBody.TryReadParts(message, out var parts)
        && parts.FirstOrDefault(part => part.ContentType.Is(McpttMimeTypes.McpttInfo)) is { } part
        && McpttInfo.TryParse(part.Content.Span, out var info, out _)
            ? info
            : null;

    private static RefreshLeg Refresh(bool emergency = false, bool tells = false) =>
        new() { Call = CallId, Leg = 3, Dialog = Dialog(), SdpOffer = Offer, Emergency = emergency, TellsCondition = tells };

    private static Dialog Dialog() =>
        new() { CallId = $"{CallId}.3@mcptt", Local = Ours, Remote = $"<{Alice}>;tag=a1", RemoteTarget = "sip:alice@192.0.2.10:5060", LocalCseq = 5 };

    private static SipRequest Request(bool mcptt) =>
        new()
        {
            Method = "INVITE",
            Via = { "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKone" },
            From = $"<{Alice}>;tag=f1",
            To = $"<{Group}>",
            CallId = "call1",
            Cseq = 1,
            Flow = FlowFrom(AliceRemote),
            McpttClient = mcptt,
        };

    private static string Reinvite(string elements) =>
        TranslationBench.Request(
            "INVITE",
            to: Ours,
            extra: "Contact: <sip:alice@192.0.2.10:5060>",
            contentType: "multipart/mixed;boundary=b1",
            body: Multipart(
                ("application/sdp", Offer),
                (McpttMimeTypes.McpttInfo, $"<mcpttinfo xmlns=\"{McpttIdentifiers.McpttInfoNamespace}\"><mcptt-Params>{elements}</mcptt-Params></mcpttinfo>")),
            cseq: 2);
}
