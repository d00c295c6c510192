using Mcptt.Domain.Calls;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sdp;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

public sealed class MediaNegotiationTests
{
    private const string Head = "v=0\r\no=a 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n";
    private const string AmrWb = "m=audio 4000 RTP/AVP 96 8 101\r\ni=speech\r\na=rtpmap:96 AMR-WB/16000\r\na=fmtp:96 octet-align=1\r\na=rtpmap:101 telephone-event/16000\r\n";
    private const string FloorLine = "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=200;mc_granted;mc_implicit_request;mc_ssrc=77\r\n";

    private static readonly MediaPlacement Placement = new() { MediaNode = "m1", Address = "198.51.100.1", RtpPort = 20000, FloorPort = 20002 };
    private static readonly FloorTerms Terms = new(Queueing: true, PriorityLimit: 7, MayRequestImplicitly: true);

    [Fact]
    [Clause("RFC3264 6")]
    public void Answer_has_exactly_the_lines_of_the_offer_in_their_order_and_video_is_refused()
    {
        var offer = Head + "m=video 5000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n" + FloorLine + AmrWb + AmrWb + FloorLine;

        var answer = Read(Answer(offer).Sdp);

        Assert.Equal(["video", "application", "audio", "audio", "application"], answer.Media.Select(media => media.Type));
        Assert.Equal([0, 20002, 20000, 0, 0], answer.Media.Select(media => media.Port));
    }

    [Fact]
    public void Answer_names_the_codec_of_the_call_and_telephone_event_alone()
    {
        var audio = Read(Answer(Head + AmrWb).Sdp).Media[0];

        Assert.Equal("96 101", string.Join(' ', audio.Formats));
        Assert.Equal("octet-align=1", audio.Attributes.FindForFormat("fmtp", "96"));
        Assert.Equal("speech", audio.Information);
    }

    [Fact]
    public void Group_document_chooses_the_codec_before_the_order_of_the_offer()
    {
        Assert.Equal("PCMA", Choose(Head + AmrWb, "EVS", "PCMA", "AMR-WB")?.Encoding);
        Assert.Equal("AMR-WB", Choose(Head + AmrWb)?.Encoding);
    }

    [Fact]
    public void Offer_without_any_codec_of_the_group_has_no_common_codec() => Assert.Null(Choose(Head + AmrWb, "EVS", "opus"));

    [Fact]
    public void Telephone_event_alone_is_no_codec() =>
        Assert.Null(Choose(Head + "m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"));

    [Fact]
    public void Later_offer_must_speak_the_codec_of_the_call_in_the_same_packing()
    {
        var audio = Choose(Head + AmrWb)!;

        Assert.True(TryAnswer(Head + AmrWb.Replace("96", "110", StringComparison.Ordinal), audio, Terms, out var other));
        Assert.Equal("110", Read(other.Sdp).Media[0].Formats[0]);
        Assert.False(TryAnswer(Head + AmrWb.Replace("octet-align=1", "octet-align=0", StringComparison.Ordinal), audio, Terms, out _));
        Assert.False(TryAnswer(Head + "m=audio 4000 RTP/AVP 0\r\n", audio, Terms, out _));
    }

    [Fact]
    public void Keys_agreed_hop_by_hop_are_refused_and_group_keys_pass()
    {
        var secure = AmrWb.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal);

        Assert.Equal(CallCodec.SecureProfile, Choose(Head + secure)?.Profile);
        Assert.Null(Choose(Head + secure + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"));
        Assert.False(TryAnswer(Head + secure, Choose(Head + AmrWb)!, Terms, out _));
    }

    [Fact]
    [Clause("TS24.380 14.3.3")]
    public void Negotiated_priority_is_the_lowest_of_offer_user_and_levels()
    {
        var rules = new CallRules { PriorityLevels = 5 };
        Assert.Equal(5, FloorTerms.Of(rules, new CallMember { UserPriority = 9 }, mayAskImplicitly: false).PriorityLimit);
        Assert.Equal(3, FloorTerms.Of(rules, new CallMember { UserPriority = 3 }, mayAskImplicitly: false).PriorityLimit);

        var media = Answer(Head + AmrWb + FloorLine).Media;

        Assert.True(media.PriorityNegotiated);
        Assert.Equal(7u, media.PriorityLimit);
    }

    [Fact]
    [Clause("TS24.380 14.3.1")]
    public void Answer_adds_no_parameter_that_the_offer_lacked()
    {
        var answer = Answer(Head + AmrWb + "m=application 4002 udp MCPTT\r\n");

        Assert.False(Read(answer.Sdp).Media[1].Attributes.Has("fmtp"));
        Assert.True(answer.Media is { FloorChannel: true, Queueing: false, PriorityNegotiated: false, ImplicitRequest: false });
    }

    [Fact]
    [Clause("TS24.380 14.3.1")]
    public void Implicit_request_is_echoed_only_when_the_session_is_created()
    {
        Assert.Equal("mc_queueing;mc_priority=7;mc_implicit_request", Fmtp(Answer(Head + AmrWb + FloorLine).Sdp));

        Assert.True(TryAnswer(Head + AmrWb + FloorLine, Choose(Head + AmrWb)!, Terms with { MayRequestImplicitly = false }, out var join));
        Assert.Equal("mc_queueing;mc_priority=7", Fmtp(join.Sdp));
    }

    [Fact]
    public void Group_without_a_queue_negotiates_no_queueing()
    {
        Assert.True(TryAnswer(Head + AmrWb + FloorLine, Choose(Head + AmrWb)!, Terms with { Queueing = false }, out var answer));

        Assert.False(answer.Media.Queueing);
    }

    [Fact]
    public void Media_goes_to_the_addresses_of_the_offer()
    {
        var media = Answer(Head + AmrWb + "c=IN IP6 2001:db8::5\r\n" + FloorLine).Media;

        Assert.Equal(("[2001:db8::5]:4000", "192.0.2.10:4002", 77u), (media.RtpRemote, media.FloorRemote, media.Ssrc));
    }

    [Fact]
    public void Host_name_is_no_media_address() =>
        Assert.False(TryAnswer(Head.Replace("c=IN IP4 192.0.2.10", "c=IN IP4 phone.example.org", StringComparison.Ordinal) + AmrWb, Choose(Head + AmrWb)!, Terms, out _));

    [Theory]
    [InlineData("a=sendrecv", "sendrecv", false)]
    [InlineData("a=sendonly", "recvonly", true)]
    [InlineData("a=recvonly", "sendonly", false)]
    [InlineData("a=inactive", "inactive", true)]
    [InlineData("c=IN IP4 0.0.0.0", "sendrecv", true)]
    [Clause("RFC3264 6.1")]
    public void Direction_is_mirrored_and_a_held_leg_hears_nothing(string line, string answered, bool held)
    {
        var answer = Answer(Head + AmrWb + line + "\r\n");

        Assert.True(Read(answer.Sdp).Media[0].Attributes.Has(answered));
        Assert.Equal(held, answer.Media.SendOnly);
    }

    [Fact]
    [Clause("TS24.380 14.2.2")]
    public void Offer_to_a_member_carries_priority_and_queueing_and_never_asks_for_the_floor()
    {
        var offer = MediaNegotiation.Offer(Ours(Choose(Head + AmrWb)!, Terms), mcpttClient: true);

        Assert.Equal("mc_queueing;mc_priority=7", Fmtp(offer));
        Assert.Equal("96 101", string.Join(' ', Read(offer).Media[0].Formats));
        Assert.Equal("speech", Read(offer).Media[0].Information);
    }

    [Fact]
    public void Plain_phone_answers_the_floor_line_with_port_0_or_leaves_it_out()
    {
        const string Audio = "m=audio 6000 RTP/AVP 96\r\na=rtpmap:96 AMR-WB/16000\r\na=fmtp:96 octet-align=1\r\n";

        foreach (var answer in new[] { Head + Audio, Head + Audio + "m=application 0 udp MCPTT\r\n", Head + "m=audio 6000 RTP/AVP 96\r\n" })
        {
            Assert.True(MediaNegotiation.TryReadAnswer(answer, Choose(Head + AmrWb)!, Terms, out var media, out var reason), reason);
            Assert.True(media is { FloorChannel: false, RtpRemote: "192.0.2.10:6000" });
        }
    }

    [Fact]
    public void Member_that_answers_with_less_gets_less()
    {
        var answer = Head + AmrWb + "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_priority=4\r\n";

        Assert.True(MediaNegotiation.TryReadAnswer(answer, Choose(Head + AmrWb)!, Terms, out var media, out _));
        Assert.True(media is { FloorChannel: true, Queueing: false, PriorityNegotiated: true, PriorityLimit: 4 });
    }

    [Fact]
    public void Answer_that_refuses_the_audio_is_no_answer() =>
        Assert.False(MediaNegotiation.TryReadAnswer(Head + AmrWb.Replace("audio 4000", "audio 0", StringComparison.Ordinal), Choose(Head + AmrWb)!, Terms, out _, out _));

    [Fact]
    [Clause("RFC3264 8")]
    public void Version_grows_only_when_the_description_changes()
    {
        var audio = Choose(Head + AmrWb)!;
        var ours = Ours(audio, Terms);
        var first = MediaNegotiation.Offer(ours, mcpttClient: true);
        var same = MediaNegotiation.Offer(ours with { PreviousSdp = first }, mcpttClient: true);
        var moved = MediaNegotiation.Offer(ours with { PreviousSdp = first, Placement = new MediaPlacement(Placement) { RtpPort = 30000 } }, mcpttClient: true);

        Assert.Equal(first, same);
        Assert.Equal("2", Read(moved).Origin.SessionVersion);
    }

    private static AgreedAnswer Answer(string offer)
    {
        Assert.True(TryAnswer(offer, Choose(offer)!, Terms, out var answer));
        return answer;
    }

    private static bool TryAnswer(string offer, CallAudio audio, FloorTerms terms, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AgreedAnswer? answer) =>
        MediaNegotiation.TryAnswer(offer, Ours(audio, terms), out answer, out _);

    private static NegotiationTerms Ours(CallAudio audio, FloorTerms terms) => new(audio, Placement, terms, "1");

    private static CallAudio? Choose(string offer, params string[] codecs) => CallCodec.Choose(Read(offer), codecs);

    private static string? Fmtp(string sdp) => Read(sdp).Media.Single(media => media.IsFloorChannel).Attributes.FindForFormat("fmtp", "MCPTT");

    private static SessionDescription Read(string text)
    {
        Assert.True(SdpParser.TryParse(text, out var session, out var error), error.ToString());
        return session;
    }
}
