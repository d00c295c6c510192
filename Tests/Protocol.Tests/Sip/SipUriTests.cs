using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class SipUriTests
{
    [Theory]
    [Clause("RFC3261 19.1.4")]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550123")]
    [InlineData("SIP:a@b", "sip:a@b")]
    public void Equivalent_URIs_are_equal_and_hash_alike(string left, string right)
    {
        var (one, other) = (SipUri.Parse(left), SipUri.Parse(right));
        Assert.True(one == other);
        Assert.True(other == one);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [Clause("RFC3261 19.1.4")]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    [InlineData("sip:a@b", "sips:a@b")]
    [InlineData("sip:a@b", "sip:b")]
    [InlineData("tel:123;phone-context=+1", "tel:123")]
    public void Different_URIs_are_not_equal(string left, string right)
    {
        Assert.False(SipUri.Parse(left) == SipUri.Parse(right));
        Assert.False(SipUri.Parse(right) == SipUri.Parse(left));
    }

    [Fact]
    public void Parts_are_read()
    {
        var uri = SipUri.Parse("sips:alice:secret@[2001:db8::1]:5061;transport=tls;lr?Subject=x%20y");
        Assert.Equal(("sips", "alice", "secret", "[2001:db8::1]", 5061), (uri.Scheme, uri.User, uri.Password, uri.Host, uri.Port));
        Assert.Equal(("tls", "Subject=x%20y"), (uri.Parameters["transport"], uri.Headers));
        Assert.True(uri.IsSips && uri.IsLooseRouter);
    }

    [Theory]
    [InlineData("sip:Alice@Example.ORG:5060;transport=udp?x=y", "sip:Alice@example.org:5060")]
    [InlineData("sip:%61l%20ice@example.org", "sip:al%20ice@example.org")]
    [InlineData("sip:Example.org;lr", "sip:example.org")]
    [InlineData("tel:+1-201;phone-context=x", "tel:+1201")]
    public void Address_of_record_is_bare_and_normal(string text, string expected) => Assert.Equal(expected, SipUri.Parse(text).AddressOfRecord);

    [Theory]
    [InlineData("sip:")]
    [InlineData("sip:@host")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b:0")]
    [InlineData("sip:a@b:65536")]
    [InlineData("sip:a@b:port")]
    [InlineData("sip:a b@c")]
    [InlineData("sip:a@b;x=y z")]
    [InlineData("sip:a%4@b")]
    [InlineData("sip:[2001:db8::1")]
    [InlineData("tel:")]
    [InlineData("tel:number")]
    [InlineData("http://example.org")]
    [InlineData("")]
    public void Malformed_URIs_are_refused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Fact]
    public void Created_URI_escapes_its_user_and_brackets_IPv6()
    {
        var uri = SipUri.Create("a b@c", "2001:db8::1", 5070, SipParameters.None.With("transport", "tcp"));
        Assert.Equal("sip:a%20b%40c@[2001:db8::1]:5070;transport=tcp", uri.ToString());
        Assert.Equal("a b@c", uri.UnescapedUser);
        Assert.Equal("sip:a%20b%40c@[2001:db8::1]:5070;transport=tcp;lr", uri.With("lr").ToString());
        Assert.Equal("sip:a%20b%40c@[2001:db8::1]:5070", uri.Without("TRANSPORT").ToString());
    }
}
