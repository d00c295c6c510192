using System.Net;
using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Tests.Signalling;

public sealed class UeSdpTests
{
    private static readonly UeOptions Client = new() { User = SipUri.Parse("sip:alice@example.org"), Server = new IPEndPoint(IPAddress.Loopback, 5060), OfferPriority = 5 };
    private static readonly LocalMedia Local = new(IPAddress.Parse("192.0.2.9"), 4000, 4003, Ssrc: 77, SessionId: "77");

    [Fact]
    [Clause("TS24.380 4.3.3.1")]
    public void An_offer_has_speech_and_a_floor_channel()
    {
        var lines = UeSdp.Offer(Client, Local, implicitRequest: true).ToString().Split("\r\n");
        Assert.Contains("c=IN IP4 192.0.2.9", lines);
        Assert.Contains("m=audio 4000 RTP/AVP 0 8", lines);
        Assert.Contains("i=speech", lines);
        Assert.Contains("a=rtpmap:0 PCMU/8000", lines);
        Assert.Contains("m=application 4003 udp MCPTT", lines);
        Assert.Contains("a=fmtp:MCPTT mc_queueing;mc_priority=5;mc_granted;mc_implicit_request;mc_ssrc=77", lines);
    }

    [Fact]
    public void A_plain_phone_offers_no_floor_channel() =>
        Assert.Single(UeSdp.Offer(Client with { PlainPhone = true }, Local, implicitRequest: false).Media);

    [Fact]
    [Clause("RFC3264 6")]
    public void An_answer_has_the_media_lines_of_the_offer()
    {
        var (answer, agreed) = Answer(
            Client, "m=video 5000 RTP/AVP 96", "m=application 4102 udp MCPTT", "a=fmtp:MCPTT mc_queueing;mc_priority=3", "m=audio 4100 RTP/AVP 18 8 0");
        Assert.Equal(["video 0", "application 4003", "audio 4000"], answer.Media.Select(media => $"{media.Type} {media.Port}"));
        Assert.Equal(("8", G711Law.ALaw), (Assert.Single(answer.Media[2].Formats), agreed.Law));
        Assert.Equal((new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4100), new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4102)), (agreed.Rtp, agreed.Floor));
    }

    [Fact]
    [Clause("TS24.380 14.3.1")]
    public void An_answer_says_nothing_that_the_offer_did_not()
    {
        Assert.Equal(new McpttFmtp(), Answer(Client, "m=audio 4100 RTP/AVP 0", "m=application 4102 udp MCPTT").Agreed.Fmtp);
        Assert.Equal(
            new McpttFmtp { Queueing = true, Priority = 5 },
            Answer(Client, "m=audio 4100 RTP/AVP 0", "m=application 4102 udp MCPTT", "a=fmtp:MCPTT mc_queueing;mc_priority=9").Agreed.Fmtp);
    }

    [Fact]
    public void A_plain_phone_refuses_the_floor_channel()
    {
        var (answer, agreed) = Answer(Client with { PlainPhone = true }, "m=audio 4100 RTP/AVP 0", "m=application 4102 udp MCPTT");
        Assert.Equal(0, answer.Media[1].Port);
        Assert.Null(agreed.Floor);
    }

    [Fact]
    public void Without_a_common_codec_there_is_no_answer() => Assert.Null(UeSdp.Answer(Client, Local, Session("m=audio 4100 RTP/AVP 18")));

    [Theory]
    [InlineData("sendonly", "recvonly", false)]
    [InlineData("recvonly", "sendonly", true)]
    [InlineData("inactive", "inactive", false)]
    [InlineData("sendrecv", "sendrecv", true)]
    [Clause("RFC3264 6.1")]
    public void The_direction_is_mirrored(string offered, string answered, bool maySend)
    {
        var (answer, agreed) = Answer(Client, "m=audio 4100 RTP/AVP 0", "a=" + offered);
        Assert.True(answer.Media[0].Attributes.Has(answered));
        Assert.Equal(maySend, agreed.MaySend);
    }

    [Fact]
    public void An_answer_to_our_offer_gives_addresses_and_what_was_accepted()
    {
        var agreed = UeSdp.ReadAnswer(Client, Session("m=audio 4100 RTP/AVP 8", "m=application 4102 udp MCPTT", "a=fmtp:MCPTT mc_granted;mc_implicit_request"));
        Assert.NotNull(agreed);
        Assert.True(agreed.Fmtp is { Granted: true, ImplicitRequest: true, Queueing: false });
        Assert.Equal(G711Law.ALaw, agreed.Law);
        Assert.Null(UeSdp.ReadAnswer(Client, Session("m=audio 0 RTP/AVP 8")));
    }

    private static (SessionDescription Answer, AgreedMedia Agreed) Answer(UeOptions options, params string[] media) =>
        UeSdp.Answer(options, Local, Session(media)) ?? throw new InvalidOperationException("no answer");

    private static SessionDescription Session(params string[] media)
    {
        string[] lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", .. media];
        Assert.True(SdpParser.TryParse(string.Join("\r\n", lines) + "\r\n", out var session, out _));
        return session;
    }
}
