using System.Text;
using Mcptt.Protocol.Sdp;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sdp;

public sealed class SdpParserTests
{
    private const string ClientOffer =
        "v=0\r\no=alice 20 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
        + "m=audio 4000 RTP/AVP 96 101\r\ni=speech\r\na=rtpmap:96 AMR-WB/16000/1\r\na=fmtp:96 mode-change-capability=2; max-red=0\r\n"
        + "a=rtpmap:101 telephone-event/16000\r\na=ptime:20\r\na=sendrecv\r\n"
        + "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=5;mc_granted;mc_implicit_request\r\n";

    [Fact]
    [Clause("TS24.380 4.3.3.1")]
    public void Offer_of_an_mcptt_client_is_read_with_its_floor_channel()
    {
        var session = Parse(ClientOffer);

        Assert.Equal(2, session.Media.Length);
        Assert.True(session.Media[0].IsAudio);
        Assert.Equal("speech", session.Media[0].Information);
        Assert.Equal(["AMR-WB", "telephone-event"], RtpFormat.Of(session.Media[0]).Select(format => format.Encoding));
        Assert.True(session.Media[1].IsFloorChannel);
        Assert.Equal(4002, session.Media[1].Port);
        var fmtp = McpttFmtp.Of(session.Media[1]);
        Assert.Equal(new McpttFmtp { Queueing = true, Priority = 5, Granted = true, ImplicitRequest = true }, fmtp);
    }

    [Fact]
    public void Writing_gives_back_what_a_well_ordered_description_said() => Assert.Equal(ClientOffer, Parse(ClientOffer).ToString());

    [Fact]
    public void Lines_of_a_section_may_come_in_any_order_and_end_with_LF_alone()
    {
        var session = Parse("v=0\ns=x\na=recvonly\no=- 1 1 IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\na=ptime:20\ni=speech\nc=IN IP4 192.0.2.9\n");

        Assert.Equal("speech", session.Media[0].Information);
        Assert.Equal("192.0.2.9", session.ConnectionOf(session.Media[0])?.Address);
        Assert.Equal(MediaDirection.ReceiveOnly, session.DirectionOf(session.Media[0]));
        Assert.Equal("PCMU", Assert.Single(RtpFormat.Of(session.Media[0])).Encoding);
    }

    [Theory]
    [InlineData("", 0, "v=0 must come first")]
    [InlineData("o=- 1 1 IN IP4 192.0.2.1\r\n", 1, "v=0 must come first")]
    [InlineData("v=1\r\n", 1, "version is not 0")]
    [InlineData("v=0\r\n", 0, "no o= line")]
    [InlineData("v=0\r\no=- 1 IN IP4 192.0.2.1\r\n", 2, "o= has 5 fields, not 6")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 0\r\n", 0, "m=audio has no c= line")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4\r\n", 3, "c= has 2 fields, not 3")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nc=ATM NSAP x\r\n", 3, "c= is neither IN IP4 nor IN IP6")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 70000 RTP/AVP 0\r\n", 3, "m= has no port from 0 to 65535")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio -1 RTP/AVP 0\r\n", 3, "m= has no port from 0 to 65535")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000\r\n", 3, "m= has fewer than 4 fields")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\na=\r\n", 3, "attribute without a name")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nhello\r\n", 3, "not of the form x=value")]
    public void Malformed_description_is_refused_with_line_and_reason(string text, int line, string reason)
    {
        Assert.False(SdpParser.TryParse(text, out _, out var error));
        Assert.Equal(new SdpParseError(line, reason), error);
    }

    [Fact]
    public void What_exceeds_a_bound_is_malformed()
    {
        const string Head = "v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 192.0.2.1\r\n";
        string[] tooMuch =
        [
            new string('x', SdpLimits.MaxChars + 1),
            Head + "a=" + new string('x', SdpLimits.MaxLineChars) + "\r\n",
            Head + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\r\n", SdpLimits.MaxMedia + 1)),
            Head + string.Concat(Enumerable.Repeat("a=x\r\n", SdpLimits.MaxAttributes + 1)),
            Head + "m=audio 1 RTP/AVP" + string.Concat(Enumerable.Repeat(" 0", SdpLimits.MaxFormats + 1)) + "\r\n",
            Head + string.Concat(Enumerable.Repeat("b=AS:1\r\n", SdpLimits.MaxRepeatedLines + 1)),
        ];

        Assert.All(tooMuch, text => Assert.False(SdpParser.TryParse(text, out _, out _)));
        Assert.True(SdpParser.TryParse(Head + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\r\n", SdpLimits.MaxMedia)), out _, out _));
    }

    [Fact]
    public void Unknown_type_letters_are_passed_over()
    {
        var session = Parse("v=0\r\no=- 1 1 IN IP4 a\r\ny=what\r\nc=IN IP4 192.0.2.1\r\nm=audio 4 RTP/AVP 8\r\n");

        Assert.DoesNotContain("y=", session.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dynamic_payload_type_without_rtpmap_stands_for_nothing()
    {
        var session = Parse("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 192.0.2.1\r\nm=audio 4 RTP/AVP 97 8 200\r\n");

        Assert.Equal("PCMA", Assert.Single(RtpFormat.Of(session.Media[0])).Encoding);
    }

    [Fact]
    [Clause("RFC3264 6")]
    public void Refused_line_keeps_its_type_and_protocol_with_port_0()
    {
        var refused = Parse(ClientOffer).Media[0].Refused();

        Assert.Equal((0, "audio", "RTP/AVP", "96"), (refused.Port, refused.Type, refused.Protocol, Assert.Single(refused.Formats)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_read_without_an_exception()
    {
        byte[] text = [.. "v=0\r\no=- 1 1 IN IP4 a\r\ns="u8, 0xFF, 0xFE, .. "\r\nc=IN IP4 192.0.2.1\r\nm=audio 4 RTP/AVP 0\r\n"u8];

        Assert.True(SdpParser.TryParse(text, out var session, out _));
        Assert.Single(session.Media);
    }

    [Fact]
    public void Parse_of_print_is_the_same_description_whatever_was_read()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var read = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var text = Mutate(ClientOffer, random);
            if (!SdpParser.TryParse(Encoding.UTF8.GetBytes(text), out var session, out _))
            {
                continue;
            }

            read++;
            var printed = session.ToString();
            Assert.True(SdpParser.TryParse(printed, out var again, out var error), $"seed {seed}, round {round}: {error}");
            Assert.True(printed == again.ToString(), $"seed {seed}, round {round}");
        }

        Assert.True(read > 500, $"seed {seed}: only {read} mutants were well-formed");
    }

    private static string Mutate(string text, Random random)
    {
        var mutant = new StringBuilder(text);
        for (var change = random.Next(4); change >= 0; change--)
        {
            var at = random.Next(mutant.Length);
            switch (random.Next(4))
            {
                case 0:
                    mutant[at] = (char)random.Next(1, 0x180);
                    break;
                case 1:
                    mutant.Remove(at, Math.Min(random.Next(12), mutant.Length - at));
                    break;
                case 2:
                    mutant.Insert(at, text.AsSpan(random.Next(text.Length / 2), random.Next(40)));
                    break;
                default:
                    mutant.Insert(at, ":;=/ \t\r\n0"[random.Next(9)]);
                    break;
            }
        }

        return mutant.ToString();
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, out var session, out var error), error.ToString());
        return session;
    }
}
