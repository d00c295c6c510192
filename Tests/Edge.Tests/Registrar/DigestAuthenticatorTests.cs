using Mcptt.Edge.Registrar;
using Mcptt.Edge.Tests.Translation;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Registrar;

[Clause("RFC7616 3.4")]
[Clause("RFC8760 2")]
public sealed class DigestAuthenticatorTests
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:5060>";

    private readonly TranslationBench _bench = new TranslationBench().WithPassword();
    private int _branch;

    [Fact]
    public async Task Without_credentials_every_algorithm_is_offered_in_order_and_nothing_is_registered()
    {
        var challenges = await ChallengesAsync();

        Assert.Equal(["SHA-256", "MD5"], challenges.Select(challenge => challenge["algorithm"]));
        Assert.All(challenges, challenge => Assert.Equal(("example.org", "auth", null), (challenge["realm"], challenge["qop"], challenge["stale"])));
        Assert.Empty(_bench.Sink.Commands);
    }

    [Theory]
    [InlineData("SHA-256", true)]
    [InlineData("MD5", true)]
    [InlineData("MD5", false)]
    public async Task The_right_password_registers(string algorithm, bool qop)
    {
        var nonce = (await ChallengesAsync())[0]["nonce"]!;

        Assert.Equal(200, (await RegisterAsync(Credentials(nonce, algorithm, qop: qop))).StatusCode);
        Assert.False(Assert.Single(_bench.Sink.Commands).Ue.Register.AutoProvision);
    }

    [Theory]
    [InlineData("alice", "wrong", Alice)]
    [InlineData("bob", "secret", Alice)]
    [InlineData("nobody", "secret", "sip:nobody@example.org")]
    public async Task A_wrong_password_a_wrong_name_and_an_unknown_user_get_the_same_401(string name, string password, string user)
    {
        var nonce = (await ChallengesAsync())[0]["nonce"]!;

        var response = await RegisterAsync(Credentials(nonce, user: name, password: password), user);

        Assert.Equal(401, response.StatusCode);
        Assert.Equal(2, response.Challenges().Count);
        Assert.All(response.Challenges(), challenge => Assert.Null(challenge["stale"]));
        Assert.NotEqual(nonce, response.Challenges()[0]["nonce"]);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Fact]
    public async Task An_expired_nonce_with_the_right_password_is_only_stale()
    {
        var nonce = (await ChallengesAsync())[0]["nonce"]!;
        _bench.Clock.Advance(NonceMint.Lifetime + TimeSpan.FromSeconds(1));

        var response = await RegisterAsync(Credentials(nonce));

        Assert.Equal(401, response.StatusCode);
        Assert.All(response.Challenges(), challenge => Assert.Equal("true", challenge["stale"]));
    }

    [Fact]
    public async Task A_recorded_request_is_not_accepted_again()
    {
        var credentials = Credentials((await ChallengesAsync())[0]["nonce"]!);

        Assert.Equal(200, (await RegisterAsync(credentials)).StatusCode);
        Assert.Equal(401, (await RegisterAsync(credentials)).StatusCode);
        Assert.Single(_bench.Sink.Commands);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_from_one_address_are_refused_until_the_minute_is_over()
    {
        var nonce = (await ChallengesAsync())[0]["nonce"]!;
        for (var attempt = 0; attempt < _bench.Options.MaxAuthenticationFailuresPerMinute; attempt++)
        {
            Assert.Equal(401, (await RegisterAsync(Credentials(nonce, password: "guess"))).StatusCode);
        }

        Assert.Equal(403, (await RegisterAsync(Credentials(nonce))).StatusCode);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await RegisterAsync(Credentials(nonce))).StatusCode);
    }

    [Fact]
    public async Task Only_algorithms_of_the_configuration_are_offered_and_accepted()
    {
        var bench = new TranslationBench(options => options with { DigestAlgorithms = ["SHA-256"] }).WithPassword();
        var challenge = Assert.Single((await bench.SendAsync(Request("REGISTER", to: $"<{Alice}>", extra: Contact)))!.Challenges());

        var response = await bench.SendAsync(Request("REGISTER", to: $"<{Alice}>", extra: $"{Contact}\n{Credentials(challenge["nonce"]!, "MD5")}", branch: "z9hG4bKmd5"));

        Assert.Equal(401, response!.StatusCode);
    }

    [Fact]
    public async Task A_password_that_was_set_for_another_realm_is_not_right()
    {
        _bench.Sink.Profiles[Alice].Realm = "elsewhere.example.org";

        Assert.Equal(401, (await RegisterAsync(Credentials((await ChallengesAsync())[0]["nonce"]!))).StatusCode);
    }

    private async Task<IReadOnlyList<AuthParameters>> ChallengesAsync()
    {
        var response = await _bench.SendAsync(Request("REGISTER", to: $"<{Alice}>", extra: Contact, branch: $"z9hG4bK{_branch++}"));
        Assert.Equal(401, response!.StatusCode);
        return response.Challenges();
    }

    private async Task<ResponseMessage> RegisterAsync(string credentials, string user = Alice) =>
        (await _bench.SendAsync(Request("REGISTER", from: $"<{user}>;tag=f1", to: $"<{user}>", extra: $"{Contact}\n{credentials}", branch: $"z9hG4bK{_branch++}")))!;

    private static string Credentials(string nonce, string algorithm = "SHA-256", string user = "alice", string password = "secret", bool qop = true)
    {
        var secret = DigestResponse.SecretHash(algorithm, user, "example.org", password);
        var response = DigestResponse.Compute(algorithm, secret, "REGISTER", "sip:example.org", nonce, qop ? "auth" : null, "00000001", "c1");
        var value = new AuthParameters("Digest")
            .Add("username", user).Add("realm", "example.org").Add("nonce", nonce).Add("uri", "sip:example.org").Add("algorithm", algorithm).Add("response", response);
        return "Authorization: " + (qop ? value.Add("qop", "auth").Add("nc", "00000001").Add("cnonce", "c1") : value);
    }
}
