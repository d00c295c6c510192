using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mcptt.Protocol.Sip;

public sealed partial class SipUri
{
    // RFC 3261 19.1.4: these must match even when only one URI carries them.
    private static readonly string[] DecisiveParameters = ["user", "ttl", "method", "maddr", "transport"];

    // unreserved and user-unreserved: what may stand in a user part without an escape.
    private static readonly SearchValues<char> PlainInUser = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,;?/");

    public static bool operator ==(SipUri? left, SipUri? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(SipUri? left, SipUri? right) => !(left == right);

    public bool Equals(SipUri? other)
    {
        if (other is null || Scheme != other.Scheme)
        {
            return false;
        }

        if (IsTel)
        {
            return string.Equals(StripSeparators(User!), StripSeparators(other.User!), StringComparison.OrdinalIgnoreCase)
                && ParametersMatch(other, decisive: []);
        }

        return SamePart(User, other.User) && SamePart(Password, other.Password)
            && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase) && Port == other.Port
            && ParametersMatch(other, DecisiveParameters) && HeadersMatch(other);
    }

    public override bool Equals(object? obj) => Equals(obj as SipUri);

    public override int GetHashCode() => IsTel
        ? StringComparer.OrdinalIgnoreCase.GetHashCode(StripSeparators(User!))
        : HashCode.Combine(Scheme, User is null ? "" : Normalize(User), StringComparer.OrdinalIgnoreCase.GetHashCode(Host), Port);

    /// <summary>Escapes what may not stand bare in a user part.</summary>
    public static string Escape(string user)
    {
        if (!user.AsSpan().ContainsAnyExcept(PlainInUser))
        {
            return user;
        }

        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(user))
        {
            _ = octet < 128 && PlainInUser.Contains((char)octet)
                ? escaped.Append((char)octet)
                : escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return escaped.ToString();
    }

    public static string Unescape(string text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text;

    private static string Normalize(string user) => user.Contains('%') ? Escape(Unescape(user)) : user;

    private static bool SamePart(string? left, string? right) =>
        left is null || right is null ? left == right : Normalize(left) == Normalize(right);

    // RFC 3966 5: visual separators do not count.
    private static string StripSeparators(string number) => number.AsSpan().ContainsAny("-.()")
        ? string.Concat(number.Where(letter => letter is not ('-' or '.' or '(' or ')')))
        : number;

    private bool ParametersMatch(SipUri other, string[] decisive)
    {
        foreach (var (name, value) in Parameters.ToList())
        {
            var theirs = other.Parameters[name];
            if (theirs is null ? decisive.Contains(name, StringComparer.OrdinalIgnoreCase) || IsTel : !SameText(value, theirs))
            {
                return false;
            }
        }

        return other.Parameters.ToList().All(theirs => Parameters.Contains(theirs.Key)
            || (!IsTel && !decisive.Contains(theirs.Key, StringComparer.OrdinalIgnoreCase)));
    }

    private static bool SameText(string left, string right) => string.Equals(Unescape(left), Unescape(right), StringComparison.OrdinalIgnoreCase);

    private bool HeadersMatch(SipUri other)
    {
        var mine = Headers.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Unescape);
        var theirs = other.Headers.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Unescape);
        return mine.Order(StringComparer.OrdinalIgnoreCase)
            .SequenceEqual(theirs.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }
}
