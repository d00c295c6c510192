using System.Security.Cryptography;
using System.Text;
using Mcptt.Api.Models;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api;

/// <summary>Turns a password into what is stored of it: HA1 = H(user:realm:password) (RFC 7616 3.4.2, RFC 8760).</summary>
public static class DigestPassword
{
    public const string Sha256 = "SHA-256";
    public const string Md5 = "MD5";

    public static IReadOnlyList<string> Algorithms { get; } = [Sha256, Md5];

    public static void Set(UserProfile profile, string password, string realm, IEnumerable<string> algorithms)
    {
        var user = profile.DigestUser.Length > 0 ? profile.DigestUser : Identities.UserPart(profile.McpttId);
        var secret = Encoding.UTF8.GetBytes($"{user}:{realm}:{password}");
        profile.Realm = realm;
        profile.Ha1.Clear();
        foreach (var algorithm in algorithms)
        {
            profile.Ha1[algorithm] = Convert.ToHexStringLower(Hash(algorithm, secret));
        }

        CryptographicOperations.ZeroMemory(secret);
    }

    private static byte[] Hash(string algorithm, byte[] secret) =>
        algorithm switch
        {
            Sha256 => SHA256.HashData(secret),
            Md5 => MD5.HashData(secret),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "configuration admits only the known ones"),
        };
}
