using System.Text;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class MultipartBodyTests
{
    private static readonly MediaType Mixed = Type("multipart/mixed;boundary=b");

    private static MediaType Type(string text) => MediaType.TryParse(text, out var type) ? type : throw new FormatException(text);

    private static IReadOnlyList<BodyPart>? Read(string body) =>
        MultipartBody.TryParse(Mixed, Encoding.UTF8.GetBytes(body), out var parts) ? parts : null;

    [Fact]
    [Clause("RFC2046 5.1.1")]
    public void Preamble_epilogue_padding_and_boundaries_inside_a_line_are_no_parts()
    {
        var parts = Read("pre\r\n--b  \r\nContent-Type: text/plain\r\n\r\nx --b\r\n--bc\r\n--b\r\n\r\nsecond\r\n\r\n--b--\r\nepilogue --b");
        Assert.Equal(["x --b\r\n--bc", "second\r\n"], parts!.Select(part => part.Text));
        Assert.All(parts!, part => Assert.Equal("text/plain", part.ContentType.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--b\r\nContent-Type: text/plain\r\n\r\nno end")]
    [InlineData("--b\r\nno header\r\n\r\nx\r\n--b--")]
    [InlineData("--b\r\nContent-Type: nonsense\r\n\r\nx\r\n--b--")]
    [InlineData("--b\r\nno blank line\r\n--b--")]
    public void Malformed_multipart_is_refused(string body) => Assert.Null(Read(body));

    [Fact]
    public void More_parts_than_the_limit_are_refused() =>
        Assert.Null(Read(string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", SipLimits.Default.MaxBodyParts + 1)) + "--b--"));

    [Fact]
    public void What_is_built_reads_back_even_when_a_part_holds_the_boundary()
    {
        BodyPart[] parts =
        [
            new(Type("application/sdp"), Encoding.UTF8.GetBytes("v=0\r\n")),
            new(Type("application/vnd.3gpp.mcptt-info+xml"), Encoding.UTF8.GetBytes("\r\n--mcptt-boundary--\r\n")) { ContentId = "<i@x>", ContentDisposition = "render" },
        ];
        var (contentType, body) = MultipartBody.Build(parts);
        Assert.True(MultipartBody.TryParse(Type(contentType), body, out var read));
        Assert.Equal(parts.Select(part => (part.Text, part.ContentType.Name, part.ContentId, part.ContentDisposition)),
            read.Select(part => (part.Text, part.ContentType.Name, part.ContentId, part.ContentDisposition)));
    }

    [Fact]
    public void Parts_of_a_plain_message_are_its_one_body()
    {
        var message = new ResponseMessage(200);
        Assert.True(MultipartBody.TryReadParts(message, out var none));
        Assert.Empty(none);
        message.SetBody("application/sdp", "v=0\r\n");
        Assert.True(MultipartBody.TryReadParts(message, out var one));
        Assert.Equal("application/sdp", Assert.Single(one).ContentType.Name);
        message.Headers.Remove("Content-Type");
        Assert.False(MultipartBody.TryReadParts(message, out _));
    }
}
