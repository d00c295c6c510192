using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>name-addr or addr-spec with header parameters: From, To, Route, Record-Route, P-Asserted-Identity, Contact (RFC 3261 20.10).</summary>
public sealed class NameAddr
{
    private SipUri? _uri;

    private NameAddr(NameAddrSlices slices)
    {
        DisplayName = SipGrammar.Unquote(slices.DisplayName);
        UriText = slices.Uri.ToString();
        Parameters = new(slices.Parameters.ToString());
    }

    public NameAddr(SipUri uri, string displayName = "", SipParameters parameters = default)
    {
        (_uri, UriText, DisplayName, Parameters) = (uri, uri.ToString(), displayName, parameters);
    }

    private NameAddr(string uriText, string displayName, SipParameters parameters)
    {
        (UriText, DisplayName, Parameters) = (uriText, displayName, parameters);
    }

    /// <summary>Without quotes and escapes; empty: none.</summary>
    public string DisplayName { get; }

    /// <summary>Any absolute URI.</summary>
    public string UriText { get; }

    /// <summary>Null when the URI is of another scheme than sip, sips and tel.</summary>
    public SipUri? Uri => _uri ??= SipUri.TryParse(UriText, out var uri) ? uri : null;

    /// <summary>Header parameters (not the URI's). Without angle brackets all parameters are these (RFC 3261 20.10).</summary>
    public SipParameters Parameters { get; }

    public string? Tag => Parameters["tag"];

    public static NameAddr Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"Not a name-addr: {text}");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out NameAddr? value)
    {
        value = NameAddrSlices.TryRead(text, out var slices) ? new NameAddr(slices) : null;
        return value is not null;
    }

    public NameAddr With(string parameter, string? value = null, bool quoted = false) =>
        new(UriText, DisplayName, Parameters.With(parameter, value, quoted));

    public NameAddr Without(string parameter) => new(UriText, DisplayName, Parameters.Without(parameter));

    public NameAddr WithTag(string tag) => With("tag", tag);

    /// <summary>Strict form: always angle brackets, the display name always quoted.</summary>
    public override string ToString() =>
        DisplayName.Length == 0 ? $"<{UriText}>{Parameters}" : $"{SipGrammar.Quote(DisplayName)} <{UriText}>{Parameters}";
}
