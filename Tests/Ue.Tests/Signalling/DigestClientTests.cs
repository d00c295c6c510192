using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Tests.Signalling;

public sealed class DigestClientTests
{
    private readonly DigestClient _client = new("alice", "secret");

    [Fact]
    [Clause("RFC7616 3.4")]
    public void Credentials_answer_the_challenge_and_count_their_use()
    {
        Assert.True(_client.TryAccept(Challenge(401, "Digest realm=\"r\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\", opaque=\"o\"")));
        for (var count = 1; count <= 3; count++)
        {
            var credentials = Authorize(SipMethods.Publish);
            Assert.Equal(("alice", "r", "n1", "o", count.ToString("x8")), (credentials["username"], credentials["realm"], credentials["nonce"], credentials["opaque"], credentials["nc"]));
            var secret = DigestResponse.SecretHash("SHA-256", "alice", "r", "secret");
            Assert.Equal(
                DigestResponse.Compute("SHA-256", secret, SipMethods.Publish, "sip:example.org", "n1", "auth", credentials["nc"], credentials["cnonce"]),
                credentials["response"]);
        }
    }

    [Fact]
    [Clause("RFC8760 2.4")]
    public void The_first_challenge_that_we_know_is_answered()
    {
        Assert.True(_client.TryAccept(Challenge(
            401, "Digest realm=\"r\", nonce=\"a\", algorithm=SHA-999", "Digest realm=\"r\", nonce=\"b\", algorithm=SHA-256", "Digest realm=\"r\", nonce=\"c\", algorithm=MD5")));
        Assert.Equal("b", Authorize(SipMethods.Register)["nonce"]);
    }

    [Fact]
    [Clause("RFC7616 3.3")]
    public void Without_algorithm_and_qop_it_is_MD5_of_the_old_form()
    {
        Assert.True(_client.TryAccept(Challenge(401, "Digest realm=\"r\", nonce=\"n\"")));
        var credentials = Authorize(SipMethods.Register);
        Assert.Null(credentials["nc"]);
        var secret = DigestResponse.SecretHash("MD5", "alice", "r", "secret");
        Assert.Equal(DigestResponse.Compute("MD5", secret, SipMethods.Register, "sip:example.org", "n"), credentials["response"]);
    }

    [Fact]
    [Clause("RFC3261 22.3")]
    public void A_proxy_is_answered_in_its_own_header()
    {
        Assert.True(_client.TryAccept(Challenge(407, "Digest realm=\"r\", nonce=\"n\"")));
        var request = NewRequest(SipMethods.Invite);
        _client.Authorize(request);
        Assert.Single(request.Credentials(proxy: true));
        Assert.Empty(request.Credentials());
    }

    [Fact]
    public void Without_a_password_or_a_known_challenge_nothing_is_sent()
    {
        Assert.False(_client.TryAccept(Challenge(401, "Basic realm=\"r\"")));
        Assert.False(new DigestClient("alice", null).TryAccept(Challenge(401, "Digest realm=\"r\", nonce=\"n\"")));
        var request = NewRequest(SipMethods.Register);
        _client.Authorize(request);
        Assert.Empty(request.Credentials());
    }

    private AuthParameters Authorize(string method)
    {
        var request = NewRequest(method);
        _client.Authorize(request);
        return Assert.Single(request.Credentials());
    }

    private static RequestMessage NewRequest(string method)
    {
        var self = NameAddr.Parse("<sip:alice@example.org>");
        return RequestMessage.Create(method, SipUri.Parse("sip:example.org"), self.WithTag("t"), self, "c", 1);
    }

    private static ResponseMessage Challenge(int status, params string[] challenges)
    {
        var response = new ResponseMessage(status);
        foreach (var challenge in challenges)
        {
            response.Headers.Add(status == 407 ? SipHeaderNames.ProxyAuthenticate : SipHeaderNames.WwwAuthenticate, challenge);
        }

        return response;
    }
}
