using System.Net;

namespace Mcptt.Api.Models;

/// <summary>The one form of an MCPTT ID or group identity: sip, sips or tel URI without parameters, scheme and host in lower case.</summary>
public static class Identities
{
    public const string Fix = "write a SIP URI without port or parameters, for instance \"sip:alice@example.org\", or \"tel:+4312345\"";

    // Longer than any identity in use; it is a key of the journal.
    private const int MaxLength = 255;

    public static bool TryNormalise(string text, out string identity)
    {
        identity = "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || text.Length > MaxLength)
        {
            return false;
        }

        var scheme = text[..colon].ToLowerInvariant();
        var rest = text[(colon + 1)..];
        identity = scheme switch
        {
            "sip" or "sips" => SipForm(scheme, rest),
            "tel" => TelForm(rest),
            _ => "",
        };
        return identity.Length > 0;
    }

    /// <summary>The user name that digest uses when none is set.</summary>
    public static string UserPart(string identity)
    {
        var rest = identity[(identity.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        return Uri.UnescapeDataString(at < 0 ? rest : rest[..at]);
    }

    private static string SipForm(string scheme, string rest)
    {
        var at = rest.LastIndexOf('@');
        if (at < 1 || !rest[..at].All(IsUser) || !HasWholeEscapes(rest[..at]))
        {
            return "";
        }

        var host = rest[(at + 1)..].ToLowerInvariant();
        return IsHost(host) ? $"{scheme}:{rest[..at]}@{host}" : "";
    }

    // RFC 3966: visual separators do not distinguish numbers.
    private static string TelForm(string rest)
    {
        var digits = string.Concat(rest.Where(letter => letter is not ('-' or '.' or '(' or ')')));
        var global = digits.StartsWith('+') ? digits[1..] : digits;
        return global.Length > 0 && global.All(char.IsAsciiDigit) ? $"tel:{digits}" : "";
    }

    // RFC 3261 25.1: unreserved, escaped, user-unreserved; a password has no place in an identity.
    private static bool IsUser(char letter) => char.IsAsciiLetterOrDigit(letter) || "-_.!~*'()&=+$,;?/%".Contains(letter, StringComparison.Ordinal);

    private static bool HasWholeEscapes(string user)
    {
        for (var index = user.IndexOf('%', StringComparison.Ordinal); index >= 0; index = user.IndexOf('%', index + 1))
        {
            if (index + 2 >= user.Length || !char.IsAsciiHexDigit(user[index + 1]) || !char.IsAsciiHexDigit(user[index + 2]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHost(string host) =>
        host.StartsWith('[') && host.EndsWith(']')
            ? IPAddress.TryParse(host[1..^1], out _)
            : host.Length > 0 && host.Split('.').All(label => label.Length > 0 && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));
}
