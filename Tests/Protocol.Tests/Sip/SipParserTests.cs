using System.Text;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class SipParserTests
{
    private const string Invite =
        "INVITE sip:brigade@example.org SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bKabc, SIP/2.0/TCP proxy.example.org;branch=z9hG4bKdef\r\n" +
        "v: SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKghi\r\n" +
        "Max-Forwards: 70\r\n" +
        "f: \"Alice, \\\"the\\\" first\" <sip:alice@example.org>;tag=1\r\n" +
        "t: sip:brigade@example.org\r\n" +
        "Call-ID: a84b4c76e66710@pc33.example.org\r\n" +
        "CSeq: 314159 INVITE\r\n" +
        "m: sip:alice@192.0.2.1:5070;transport=udp;+g.3gpp.mcptt;expires=60\r\n" +
        "Route: <sip:one.example.org;lr>,<sip:two.example.org;lr>\r\n" +
        "Session-Expires: 1800;refresher=uac\r\n" +
        "Accept-Contact: *;+g.3gpp.mcptt;require;explicit\r\n" +
        "Content-Type: application/sdp\r\n" +
        "l: 4\r\n\r\nv=0\n";

    private static SipMessage Parse(string text)
    {
        Assert.True(SipParser.TryParse(Encoding.UTF8.GetBytes(text), out var message, out var error), error.ToString());
        return message!;
    }

    private static SipParseError Refuse(string text, out SipMessage? message)
    {
        Assert.False(SipParser.TryParse(Encoding.UTF8.GetBytes(text), out message, out var error));
        return error;
    }

    [Fact]
    public void Request_reads_into_its_typed_parts()
    {
        var request = Assert.IsType<RequestMessage>(Parse(Invite));
        Assert.Equal(("INVITE", "brigade", "example.org"), (request.Method, request.RequestUri!.User, request.RequestUri.Host));
        Assert.Equal("a84b4c76e66710@pc33.example.org", request.CallId);
        Assert.Equal(new CSeq(314159, "INVITE"), request.CSeq);
        Assert.Equal(("Alice, \"the\" first", "1"), (request.From.DisplayName, request.From.Tag));
        Assert.Equal("sip:alice@example.org", request.From.Uri!.AddressOfRecord);
        Assert.Null(request.To.Tag);
        Assert.Equal(70, request.MaxForwards);
        Assert.Equal(new SessionExpires(1800, "uac"), request.SessionExpires);
        Assert.Equal("application/sdp", request.ContentType!.Name);
        Assert.Equal("v=0\n", Encoding.UTF8.GetString(request.Body.Span));
        Assert.True(request.AcceptContacts[0].Contains("explicit"));
        Assert.Equal(["one.example.org", "two.example.org"], request.Routes.Select(route => route.Uri!.Host));
        Assert.True(request.Routes[0].Uri!.IsLooseRouter);
    }

    [Fact]
    [Clause("RFC3261 7.3.1")]
    public void Several_Vias_on_one_line_and_on_several_are_one_list()
    {
        var vias = Parse(Invite).Vias;
        Assert.Equal(["z9hG4bKabc", "z9hG4bKdef", "z9hG4bKghi"], vias.Select(via => via.Branch));
        Assert.Equal(["UDP", "TCP", "UDP"], vias.Select(via => via.Transport));
        Assert.Equal(["192.0.2.1:5070", "proxy.example.org", "[2001:db8::1]"], vias.Select(via => via.SentBy));
        Assert.True(vias[0].AsksForPort);
        Assert.False(vias[1].AsksForPort);
    }

    [Fact]
    [Clause("RFC3261 20.10")]
    public void Contact_without_brackets_has_header_parameters_only()
    {
        var contact = Assert.Single(Parse(Invite).Contacts);
        Assert.Equal("sip:alice@192.0.2.1:5070", contact.Uri!.ToString());
        Assert.Equal(60u, contact.ExpiresSeconds);
        Assert.True(contact.HasFeature("+g.3gpp.mcptt"));
        Assert.Equal("udp", contact.Parameters["transport"]);
    }

    [Fact]
    [Clause("RFC3261 8.2.6.2")]
    public void Response_copies_Via_From_CallId_CSeq_and_adds_a_To_tag()
    {
        var request = (RequestMessage)Parse(Invite);
        var response = request.CreateResponse(200, toTag: "c1l1");
        var sent = Assert.IsType<ResponseMessage>(Parse(response.ToString()));
        Assert.Equal((200, "OK"), (sent.StatusCode, sent.ReasonPhrase));
        Assert.Equal(request.Vias.Select(via => via.ToString()), sent.Vias.Select(via => via.ToString()));
        Assert.Equal("c1l1", sent.To.Tag);
        Assert.Equal("1", sent.From.Tag);
        Assert.Equal(request.CSeq, sent.CSeq);
        Assert.Equal(request.CallId, sent.CallId);
        Assert.Equal("<sip:brigade@example.org>;tag=c1l1", sent.Headers["To"]);
    }

    [Fact]
    public void Malformed_Contact_leaves_a_request_that_can_be_answered()
    {
        var error = Refuse(Invite.Replace("m: sip:alice@192.0.2.1", "m: <sip:alice@192.0.2.1"), out var message);
        Assert.Equal((SipParseErrorCode.HeaderValue, 400, "Malformed Contact"), (error.Code, error.Status, error.Detail));
        Assert.Equal(400, Assert.IsType<RequestMessage>(message).CreateResponse(error.Status).StatusCode);
    }

    [Theory]
    [InlineData("CSeq: 314159 INVITE", "X: y", SipParseErrorCode.MissingHeader, false)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159 BYE", SipParseErrorCode.MethodMismatch, true)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 2147483648 INVITE", SipParseErrorCode.HeaderValue, true)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", SipParseErrorCode.HeaderValue, true)]
    [InlineData("Max-Forwards: 70", "To: sip:x@y", SipParseErrorCode.RepeatedHeader, true)]
    [InlineData("l: 4", "l: 5", SipParseErrorCode.ContentLength, true)]
    [InlineData("l: 4", "l: -1", SipParseErrorCode.ContentLength, true)]
    [InlineData("l: 4", "l: 4\r\nContent-Length: 3", SipParseErrorCode.ContentLength, true)]
    [InlineData("SIP/2.0\r\nVia", "SIP/7.0\r\nVia", SipParseErrorCode.Version, true)]
    [InlineData("sip:brigade@example.org SIP", "<sip:brigade@example.org> SIP", SipParseErrorCode.RequestUri, true)]
    [InlineData("sip:brigade@example.org SIP", "sip:brigade@example.org  SIP", SipParseErrorCode.RequestUri, true)]
    [InlineData("v: SIP/2.0/UDP", "v: SIP/2.0", SipParseErrorCode.HeaderValue, false)]
    [InlineData("Max-Forwards: 70", "Max-Forwards 70", SipParseErrorCode.HeaderSyntax, true)]
    [InlineData("Max-Forwards: 70", "X: a\nY: b", SipParseErrorCode.HeaderSyntax, true)]
    public void Faults_are_named(string from, string to, SipParseErrorCode code, bool canBeAnswered)
    {
        var error = Refuse(Invite.Replace(from, to), out var message);
        Assert.Equal((code, canBeAnswered), (error.Code, message is not null));
    }

    [Fact]
    [Clause("RFC3261 18.3")]
    public void Bytes_beyond_Content_Length_are_cut_off()
    {
        Assert.Equal(4, Parse(Invite + "more").Body.Length);
    }
}
