using System.Text;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class SipStreamFramerTests
{
    private const string Head = "OPTIONS sip:a@b SIP/2.0\r\nSubject: Content-Length: 9\r\n";

    private static SipFrame Next(string buffer, SipLimits? limits = null) => new SipStreamFramer(limits).Next(Encoding.UTF8.GetBytes(buffer));

    [Theory]
    [Clause("RFC3261 18.3")]
    [InlineData("Content-Length: 3\r\n\r\nabcOPT", 3)]
    [InlineData("l:3\r\n\r\nabcOPT", 3)]
    [InlineData("CONTENT-length :\r\n  3\r\nL: 3\r\n\r\nabcOPT", 3)]
    [InlineData("X: y\r\n\r\nOPT", 0)]
    public void Message_ends_where_Content_Length_says(string rest, int body)
    {
        var text = Head + rest;
        Assert.Equal(new SipFrame(SipFrameKind.Message, text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 + body), Next(text));
    }

    [Theory]
    [InlineData("l: 3\r\nContent-Length: 4\r\n\r\n", SipParseErrorCode.ContentLength)]
    [InlineData("l: x\r\n\r\n", SipParseErrorCode.ContentLength)]
    [InlineData("l: 99999999999\r\n\r\n", SipParseErrorCode.ContentLength)]
    [InlineData("l: 2000000000\r\n\r\n", SipParseErrorCode.TooLarge)]
    public void Stream_that_cannot_be_cut_any_more_is_invalid(string rest, SipParseErrorCode code)
    {
        var frame = Next(Head + rest);
        Assert.Equal((SipFrameKind.Invalid, code, (Head + rest).Length), (frame.Kind, frame.Error.Code, frame.Length));
    }

    [Fact]
    public void Head_without_end_is_refused_at_its_limit()
    {
        var limits = new SipLimits { MaxHeadBytes = 100 };
        Assert.Equal(SipFrameKind.NeedMore, Next(new string('x', 103), limits).Kind);
        Assert.Equal(SipFrameKind.Invalid, Next(new string('x', 104), limits).Kind);
    }

    [Fact]
    [Clause("RFC5626 4.4.1")]
    public void Two_line_breaks_are_a_ping_however_they_come()
    {
        var framer = new SipStreamFramer();
        Assert.Equal(SipFrameKind.NeedMore, framer.Next("\r"u8).Kind);
        Assert.Equal(new SipFrame(SipFrameKind.Blank, 2), framer.Next("\r\n"u8));
        Assert.Equal(new SipFrame(SipFrameKind.Ping, 2), framer.Next("\r\nOPTIONS"u8));
        Assert.Equal(new SipFrame(SipFrameKind.NeedMore, 0), framer.Next("OPTIONS"u8));
    }
}
