using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>A sip, sips or tel URI (RFC 3261 19.1, RFC 3966). Equality is that of RFC 3261 19.1.4.</summary>
public sealed partial class SipUri : IEquatable<SipUri>
{
    private readonly string _text;

    private SipUri(string text, SipUriSlices slices)
    {
        _text = text;
        Scheme = slices.Scheme;
        User = slices.HasUser ? slices.User.ToString() : null;
        Password = slices.HasPassword ? slices.Password.ToString() : null;
        Host = slices.Host.ToString();
        Port = slices.Port;
        Parameters = new(slices.Parameters.ToString());
        Headers = slices.Headers.ToString();
    }

    /// <summary>"sip", "sips" or "tel".</summary>
    public string Scheme { get; }

    /// <summary>As written, with its escapes; the number of a tel URI. Null: none.</summary>
    public string? User { get; }

    public string? Password { get; }

    /// <summary>As written, an IPv6 address with its brackets; empty for a tel URI.</summary>
    public string Host { get; }

    /// <summary>0: not given.</summary>
    public int Port { get; }

    public SipParameters Parameters { get; }

    /// <summary>What follows the question mark, as written.</summary>
    public string Headers { get; }

    public bool IsTel => Scheme == "tel";

    public bool IsSips => Scheme == "sips";

    /// <summary>RFC 3261 16.12: this hop takes its own Route off.</summary>
    public bool IsLooseRouter => Parameters.Contains("lr");

    /// <summary>The user part without escapes; null: none.</summary>
    public string? UnescapedUser => User is null ? null : Unescape(User);

    /// <summary>The URI as an identity: scheme, user without needless escapes, host in lower case; no port unless given, no parameters.</summary>
    public string AddressOfRecord => IsTel
        ? $"tel:{StripSeparators(User ?? "")}"
        : $"{Scheme}:{(User is null ? "" : Normalize(User) + "@")}{HostAndPort.ToLowerInvariant()}";

    public string HostAndPort => Port == 0 ? Host : $"{Host}:{Port}";

    public static SipUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"Not a sip, sips or tel URI: {text}");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = text is not null && SipUriSlices.TryRead(text, out var slices) ? new SipUri(text, slices) : null;
        return uri is not null;
    }

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipUri? uri) => TryParse(text.ToString(), out uri);

    /// <summary>A sip URI from parts; the user is escaped where it must be.</summary>
    public static SipUri Create(string? user, string host, int port = 0, SipParameters parameters = default)
    {
        var bracketed = host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;
        return Parse($"sip:{(user is null ? "" : Escape(user) + "@")}{bracketed}{(port == 0 ? "" : $":{port}")}{parameters}");
    }

    /// <summary>The same URI with this parameter.</summary>
    public SipUri With(string parameter, string? value = null) => Parse(Head() + Parameters.With(parameter, value) + Tail());

    public SipUri Without(string parameter) => Parse(Head() + Parameters.Without(parameter) + Tail());

    public override string ToString() => _text;

    private string Head() => IsTel
        ? $"tel:{User}"
        : $"{Scheme}:{User}{(Password is null ? "" : ":" + Password)}{(User is null ? "" : "@")}{HostAndPort}";

    private string Tail() => Headers.Length == 0 ? "" : "?" + Headers;
}
