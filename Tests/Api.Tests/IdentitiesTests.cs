using Mcptt.Api.Models;

namespace Mcptt.Api.Tests;

public sealed class IdentitiesTests
{
    [Theory]
    [InlineData("sip:alice@example.org", "sip:alice@example.org")]
    [InlineData("SIP:Alice@EXAMPLE.org", "sip:Alice@example.org")]
    [InlineData("sip:al%20ice@[2001:DB8::1]", "sip:al%20ice@[2001:db8::1]")]
    [InlineData("tel:+43-1-2345", "tel:+4312345")]
    public void An_identity_has_one_form(string written, string expected)
    {
        Assert.True(Identities.TryNormalise(written, out var identity));
        Assert.Equal(expected, identity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("sip:example.org")]
    [InlineData("sip:@example.org")]
    [InlineData("sip:alice@")]
    [InlineData("sip:alice@example.org;transport=tcp")]
    [InlineData("sip:alice@example.org:5060")]
    [InlineData("sip:al ice@example.org")]
    [InlineData("sip:al%2@example.org")]
    [InlineData("tel:12a")]
    [InlineData("http://example.org")]
    public void What_is_no_identity_is_refused(string written) => Assert.False(Identities.TryNormalise(written, out _));

    [Theory]
    [InlineData("sip:alice@example.org", "alice")]
    [InlineData("sip:al%20ice@example.org", "al ice")]
    [InlineData("tel:+4312345", "+4312345")]
    public void The_user_part_is_what_digest_uses(string identity, string expected) => Assert.Equal(expected, Identities.UserPart(identity));
}
