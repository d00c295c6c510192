using Mcptt.Domain.Ports;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Registrar;

/// <summary>
/// Digest authentication of RFC 7616 and RFC 8760. An unknown user gets the same answers as a wrong password, so that nobody learns
/// who exists; wrong guesses are counted per source.
/// </summary>
internal sealed class DigestAuthenticator(ISubscriberDirectory directory, TimeProvider time, SipEdgeOptions options, string realm, ILogger logger)
{
    /// <summary>What the comparison uses for a user that does not exist, so that it takes as long.</summary>
    private static readonly string NobodysSecret = new('0', 64);

    private readonly NonceMint _nonces = new(time);
    private readonly FailureLimiter _failures = new(time, options.MaxAuthenticationFailuresPerMinute);

    /// <summary>Null: the request is from the user. Else the answer: 401 with challenges, 403 past the limit of failures, 503 without directory.</summary>
    public async ValueTask<Answer?> AuthenticateAsync(InboundRequest request, string mcpttId, CancellationToken cancellationToken)
    {
        if (_failures.IsBlocked(request.SourceAddress))
        {
            return Answer.Of(403, "Too many failed attempts", (SipHeaderNames.RetryAfter, "60"));
        }

        if (Credentials(request.Message) is not { } credentials)
        {
            return Challenge(stale: false);
        }

        UserProfile? profile;
        try
        {
            profile = await directory.FindAsync(mcpttId, cancellationToken);
        }
        catch (DirectoryUnavailableException exception)
        {
            logger.LogWarning("The subscriber directory does not answer for {McpttId}: {Reason}", mcpttId, exception.Message);
            return RejectionTable.Unavailable();
        }

        if (!AreRight(credentials, request.Message.Method, mcpttId, profile))
        {
            _failures.Failed(request.SourceAddress);
            logger.LogInformation("Wrong credentials for {McpttId} from {Source}", mcpttId, request.Flow.Remote);
            return Challenge(stale: false);
        }

        // Right credentials with a nonce that is too old or whose count was used: the phone may try again without asking its user.
        return _nonces.Use(credentials["nonce"]!, NonceCount(credentials)) == NonceState.Fresh ? null : Challenge(stale: true);
    }

    /// <summary>Whether the user could answer a challenge at all; true also when the directory cannot tell.</summary>
    public async ValueTask<bool> HasPasswordAsync(string mcpttId, CancellationToken cancellationToken)
    {
        try
        {
            return await directory.FindAsync(mcpttId, cancellationToken) is { Ha1.Count: > 0 };
        }
        catch (DirectoryUnavailableException)
        {
            return true;
        }
    }

    /// <summary>401 with one challenge per algorithm, the preferred one first (RFC 8760 2.4).</summary>
    public Answer Challenge(bool stale)
    {
        var answer = Answer.Of(401);
        foreach (var algorithm in options.DigestAlgorithms)
        {
            var challenge = new AuthParameters("Digest").Add("realm", realm).Add("nonce", _nonces.Mint()).Add("algorithm", algorithm).Add("qop", "auth");
            answer = answer.With(SipHeaderNames.WwwAuthenticate, (stale ? challenge.Add("stale", "true") : challenge).ToString());
        }

        return answer;
    }

    private AuthParameters? Credentials(RequestMessage message) =>
        message.Credentials().FirstOrDefault(credentials => credentials.IsDigest && credentials["realm"] == realm && credentials["nonce"] is not null);

    private bool AreRight(AuthParameters credentials, string method, string mcpttId, UserProfile? profile)
    {
        var algorithm = options.DigestAlgorithms.FirstOrDefault(offered => offered.Equals(credentials["algorithm"] ?? "MD5", StringComparison.OrdinalIgnoreCase));
        var qop = credentials["qop"];
        if (algorithm is null
            || credentials["response"] is not { } response
            || credentials["uri"] is not { } uri
            || (qop is not null && (qop != "auth" || NonceCount(credentials) == 0 || credentials["cnonce"] is null)))
        {
            return false;
        }

        // The uri is taken as it came: proxies rewrite the Request-URI, and the nonce count keeps a recorded response from being used again.
        var secret = profile?.Ha1.GetValueOrDefault(algorithm);
        var expected = DigestResponse.Compute(algorithm, secret ?? NobodysSecret, method, uri, credentials["nonce"]!, qop, credentials["nc"], credentials["cnonce"]);
        var isEqual = DigestResponse.AreEqual(expected, response);
        return isEqual && secret is not null && profile is not null && credentials["username"] == DigestUser(profile, mcpttId) && IsRealm(profile);
    }

    private bool IsRealm(UserProfile profile)
    {
        if (profile.Realm.Length == 0 || profile.Realm == realm)
        {
            return true;
        }

        logger.LogWarning("The password of {McpttId} was set for realm {Stored}, this server's is {Realm}", profile.McpttId, profile.Realm, realm);
        return false;
    }

    private static string DigestUser(UserProfile profile, string mcpttId) =>
        profile.DigestUser.Length > 0 ? profile.DigestUser : SipUri.TryParse(mcpttId, out var uri) ? uri.UnescapedUser ?? "" : "";

    // Without qop (RFC 2069) there is no count: such a nonce is good for one request.
    private static uint NonceCount(AuthParameters credentials) =>
        credentials["qop"] is null ? 1
        : credentials["nc"] is { Length: 8 } text && uint.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var count) ? count
        : 0;
}
