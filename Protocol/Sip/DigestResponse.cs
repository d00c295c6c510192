using System.Security.Cryptography;
using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>The response value of digest authentication (RFC 7616 3.4.1, RFC 8760). Algorithms: MD5, SHA-256 and their -sess forms.</summary>
public static class DigestResponse
{
    public static bool IsSupported(string algorithm) => Hash(algorithm) is not null;

    /// <summary>H(user:realm:password), which a server may store in place of the password.</summary>
    public static string SecretHash(string algorithm, string user, string realm, string password) =>
        Hex(algorithm, $"{user}:{realm}:{password}");

    /// <param name="secretHash">From <see cref="SecretHash"/>.</param>
    /// <param name="qop">"auth", or null for the form of RFC 2069 that old phones use.</param>
    /// <param name="nonceCount">Eight hexadecimal digits, as they stand in nc.</param>
    public static string Compute(
        string algorithm, string secretHash, string method, string uri, string nonce, string? qop = null, string? nonceCount = null, string? clientNonce = null)
    {
        var secret = algorithm.EndsWith("-sess", StringComparison.OrdinalIgnoreCase)
            ? Hex(algorithm, $"{secretHash}:{nonce}:{clientNonce}")
            : secretHash;
        var request = Hex(algorithm, $"{method}:{uri}");
        return Hex(algorithm, qop is null ? $"{secret}:{nonce}:{request}" : $"{secret}:{nonce}:{nonceCount}:{clientNonce}:{qop}:{request}");
    }

    /// <summary>Compares two hexadecimal values without telling by time where they differ.</summary>
    public static bool AreEqual(string left, string right) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(left.ToLowerInvariant()), Encoding.UTF8.GetBytes(right.ToLowerInvariant()));

    private static string Hex(string algorithm, string text)
    {
        var hash = Hash(algorithm) ?? throw new ArgumentException($"Unknown digest algorithm {algorithm}", nameof(algorithm));
        return Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(text)));
    }

    private static Func<byte[], byte[]>? Hash(string algorithm) => algorithm.ToUpperInvariant() switch
    {
        "MD5" or "MD5-SESS" => MD5.HashData,
        "SHA-256" or "SHA-256-SESS" => SHA256.HashData,
        _ => null,
    };
}
