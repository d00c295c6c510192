using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class HeaderValueTests
{
    [Theory]
    [InlineData("<sip:a@b>;tag=1", "", "sip:a@b", "1", "<sip:a@b>;tag=1")]
    [InlineData("sip:a@b;tag=1", "", "sip:a@b", "1", "<sip:a@b>;tag=1")]
    [InlineData("Alice Smith <sip:a@b;x=y>", "Alice Smith", "sip:a@b;x=y", null, "\"Alice Smith\" <sip:a@b;x=y>")]
    [InlineData("\"A \\\"<\\\\>\" <sip:a@b> ; tag = 2", "A \"<\\>", "sip:a@b", "2", "\"A \\\"<\\\\>\" <sip:a@b>; tag = 2")]
    [InlineData("\"\"<sip:a@b>", "", "sip:a@b", null, "<sip:a@b>")]
    [InlineData("<urn:service:sos>", "", "urn:service:sos", null, "<urn:service:sos>")]
    [InlineData("sip:a@b;note=\"<x>\"", "", "sip:a@b", null, "<sip:a@b>;note=\"<x>\"")]
    public void Name_addr_reads_leniently_and_writes_strictly(string text, string display, string uri, string? tag, string written)
    {
        var value = NameAddr.Parse(text);
        Assert.Equal((display, uri, tag, written), (value.DisplayName, value.UriText, value.Tag, value.ToString()));
        Assert.Equal(written, NameAddr.Parse(written).ToString());
    }

    [Theory]
    [InlineData("\"Alice <sip:a@b>")]
    [InlineData("<sip:a@b")]
    [InlineData("<>")]
    [InlineData("Alice")]
    [InlineData("<sip:a@b> tag=1")]
    [InlineData("\"A\" sip:a@b")]
    [InlineData("")]
    public void Malformed_name_addr_is_refused(string text) => Assert.False(NameAddr.TryParse(text, out _));

    [Fact]
    public void Parameters_are_set_in_place_of_the_old_ones_and_quoted_when_they_must_be()
    {
        var parameters = SipParameters.None.With("lr").With("tag", "1").With("TAG", "2").With("note", "a;b").With("ref", "x", quoted: true);
        Assert.Equal(";lr;TAG=2;note=\"a;b\";ref=\"x\"", parameters.ToString());
        Assert.Equal(("2", "a;b", "", null), (parameters["tag"], parameters["note"], parameters["lr"], parameters["none"]));
        Assert.Equal(";lr;note=\"a;b\";ref=\"x\"", parameters.Without("tag").ToString());
    }

    [Fact]
    [Clause("RFC3581 4")]
    public void Via_takes_received_and_rport()
    {
        Assert.True(Via.TryParse("SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z9hG4bKx", out var via));
        var seen = via.With("received", "2001:db8::1").With("rport", "6000");
        Assert.Equal("SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKx;received=2001:db8::1;rport=6000", seen.ToString());
        Assert.Equal(("2001:db8::1", 6000, "z9hG4bKx"), (seen.Received, seen.SeenPort, seen.Branch));
    }

    [Fact]
    public void Challenge_and_credentials_read_and_write()
    {
        const string Challenge = "Digest realm=\"a, b\", nonce=\"n\\\"1\", algorithm=SHA-256, qop=\"auth\", stale=true";
        Assert.True(AuthParameters.TryParse(Challenge, out var challenge));
        Assert.Equal(("a, b", "n\"1", "SHA-256", null), (challenge["realm"], challenge["NONCE"], challenge["algorithm"], challenge["opaque"]));
        Assert.Equal(Challenge, challenge.ToString());
        Assert.True(AuthParameters.TryParse("Digest username=\"u\",response=\"ff\",qop=auth,nc=00000001", out var credentials));
        Assert.Equal("Digest username=\"u\", response=\"ff\", qop=auth, nc=00000001", credentials.ToString());
    }

    [Theory]
    [InlineData("Digest")]
    [InlineData("Digest realm")]
    [InlineData("Digest realm=\"x")]
    [InlineData("Digest realm=a, realm=b")]
    public void Malformed_credentials_are_refused(string text) => Assert.False(AuthParameters.TryParse(text, out _));

    [Fact]
    [Clause("RFC7616 3.9.1")]
    public void Digest_response_is_that_of_the_standards_example()
    {
        const string Nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        const string ClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        var response = (string algorithm) => DigestResponse.Compute(
            algorithm, DigestResponse.SecretHash(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life"),
            "GET", "/dir/index.html", Nonce, "auth", "00000001", ClientNonce);
        Assert.Equal("8ca523f5e9506fed4657c9700eebdbec", response("MD5"));
        Assert.Equal("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", response("SHA-256"));
        Assert.False(DigestResponse.IsSupported("SHA-512-256"));
    }

    [Fact]
    [Clause("RFC2617 3.5")]
    public void Digest_response_without_qop_is_that_of_old_phones() => Assert.Equal(
        "670fd8c2df070c60b045671b8b24ff02",
        DigestResponse.Compute("MD5", DigestResponse.SecretHash("MD5", "Mufasa", "testrealm@host.com", "Circle Of Life"), "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093"));

    [Fact]
    public void Warning_event_session_timer_and_media_type_read_and_write()
    {
        Assert.True(WarningValue.TryParse("399 mcptt.example.org \"116 user is not part of the \\\"MCPTT\\\" group\"", out var warning));
        Assert.Equal("399 mcptt.example.org \"116 user is not part of the \\\"MCPTT\\\" group\"", warning.ToString());
        Assert.Equal("116 user is not part of the \"MCPTT\" group", warning.Text);
        Assert.True(EventPackage.TryParse("presence;id=7", out var package));
        Assert.Equal(("presence", "7", "presence;id=7"), (package.Name, package.Id, package.ToString()));
        Assert.True(SessionExpires.TryParse("1800 ; refresher=UAS", out var session));
        Assert.Equal("1800;refresher=uas", session.ToString());
        Assert.False(SessionExpires.TryParse("1800;refresher=nobody", out _));
        Assert.True(MediaType.TryParse("Multipart/Mixed ; boundary=\"a b\"", out var type));
        Assert.Equal(("multipart/mixed", "a b", true), (type.Name, type.Parameters["boundary"], type.IsMultipart));
        Assert.False(MediaType.TryParse("text", out _));
    }
}
