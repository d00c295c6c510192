using System.Security.Cryptography;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>
/// Answers digest challenges (RFC 7616, RFC 8760) and goes on using the last one, with a rising nonce count, so that later requests
/// need no second round. Thread safe.
/// </summary>
internal sealed class DigestClient(string user, string? password)
{
    private const int ClientNonceChars = 16;

    private readonly Lock _gate = new();
    private Known? _known;

    /// <summary>Puts credentials on a request when a challenge is known.</summary>
    public void Authorize(RequestMessage request)
    {
        lock (_gate)
        {
            if (_known is null || password is null)
            {
                return;
            }

            var header = _known.Proxy ? SipHeaderNames.ProxyAuthorization : SipHeaderNames.Authorization;
            request.Headers.Set(header, Credentials(_known, request.Method, request.RequestUriText));
        }
    }

    /// <summary>Takes the first challenge that we can answer: the server lists them in its order of preference (RFC 8760 2.4).</summary>
    public bool TryAccept(ResponseMessage response)
    {
        var proxy = response.StatusCode == 407;
        foreach (var challenge in response.Challenges(proxy))
        {
            var algorithm = challenge["algorithm"] ?? "MD5";
            if (challenge.IsDigest && challenge["nonce"] is { } nonce && challenge["realm"] is { } realm && DigestResponse.IsSupported(algorithm))
            {
                lock (_gate)
                {
                    _known = new Known(proxy, realm, nonce, algorithm, challenge["opaque"], Qop(challenge["qop"]));
                }

                return password is not null;
            }
        }

        return false;
    }

    private string Credentials(Known known, string method, string uri)
    {
        var secret = DigestResponse.SecretHash(known.Algorithm, user, known.Realm, password!); // Authorize saw that there is one.
        var clientNonce = RandomNumberGenerator.GetHexString(ClientNonceChars, lowercase: true);
        var count = (++known.Count).ToString("x8");
        var credentials = new AuthParameters("Digest")
            .Add("username", user)
            .Add("realm", known.Realm)
            .Add("nonce", known.Nonce)
            .Add("uri", uri)
            .Add("algorithm", known.Algorithm)
            .Add("response", DigestResponse.Compute(known.Algorithm, secret, method, uri, known.Nonce, known.Qop, count, clientNonce));
        if (known.Qop is not null)
        {
            credentials.Add("qop", known.Qop).Add("nc", count).Add("cnonce", clientNonce);
        }

        if (known.Opaque is not null)
        {
            credentials.Add("opaque", known.Opaque);
        }

        return credentials.ToString();
    }

    private static string? Qop(string? offered) =>
        offered?.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.OrdinalIgnoreCase) == true ? "auth" : null;

    private sealed record Known(bool Proxy, string Realm, string Nonce, string Algorithm, string? Opaque, string? Qop)
    {
        public int Count { get; set; }
    }
}
