namespace Mcptt.Protocol.Sip;

/// <summary>Headers that few messages have. A malformed one reads as absent here; who must tell the difference looks into <see cref="Headers"/>.</summary>
public abstract partial class SipMessage
{
    /// <summary>Null: none, or no number (RFC 3261 20.19 then lets a registrar take its default).</summary>
    public uint? ExpiresSeconds => Number(SipHeaderNames.Expires);

    public uint? MinExpiresSeconds => Number(SipHeaderNames.MinExpires);

    public uint? RetryAfterSeconds => LeadingNumber(SipHeaderNames.RetryAfter);

    public MediaType? ContentType => MediaType.TryParse(Headers[SipHeaderNames.ContentType], out var type) ? type : null;

    public SessionExpires? SessionExpires =>
        SessionExpires.TryParse(Headers[SipHeaderNames.SessionExpires], out var value) ? value : null;

    /// <summary>RFC 4028 5.</summary>
    public uint? MinSESeconds => LeadingNumber(SipHeaderNames.MinSE);

    public EventPackage? Event => EventPackage.TryParse(Headers[SipHeaderNames.Event], out var value) ? value : null;

    public IReadOnlyList<string> Require => Headers.Elements(SipHeaderNames.Require);

    public IReadOnlyList<string> Supported => Headers.Elements(SipHeaderNames.Supported);

    public IReadOnlyList<WarningValue> Warnings => WellFormed<WarningValue>(SipHeaderNames.Warning, WarningValue.TryParse);

    /// <summary>P-Asserted-Identity (RFC 3325): whom a trusted network says the request is from.</summary>
    public IReadOnlyList<NameAddr> AssertedIdentities => WellFormed<NameAddr>(SipHeaderNames.PAssertedIdentity, NameAddr.TryParse);

    public IReadOnlyList<NameAddr> Paths => WellFormed<NameAddr>(SipHeaderNames.Path, NameAddr.TryParse);

    public IReadOnlyList<NameAddr> ServiceRoutes => WellFormed<NameAddr>(SipHeaderNames.ServiceRoute, NameAddr.TryParse);

    /// <summary>The parameters of each Accept-Contact (RFC 3841): feature tags, require, explicit.</summary>
    public IReadOnlyList<SipParameters> AcceptContacts
    {
        get
        {
            var list = new List<SipParameters>();
            foreach (var element in Headers.Elements(SipHeaderNames.AcceptContact))
            {
                var semicolon = element.IndexOf(';');
                list.Add(semicolon < 0 ? SipParameters.None : new(element[semicolon..]));
            }

            return list;
        }
    }

    /// <summary>Authorization or Proxy-Authorization values that can be read; one header field holds one (RFC 3261 7.3.1).</summary>
    public IReadOnlyList<AuthParameters> Credentials(bool proxy = false) =>
        Auth(proxy ? SipHeaderNames.ProxyAuthorization : SipHeaderNames.Authorization);

    public IReadOnlyList<AuthParameters> Challenges(bool proxy = false) =>
        Auth(proxy ? SipHeaderNames.ProxyAuthenticate : SipHeaderNames.WwwAuthenticate);

    private List<AuthParameters> Auth(string name)
    {
        var list = new List<AuthParameters>();
        foreach (var text in Headers.All(name))
        {
            if (AuthParameters.TryParse(text, out var value))
            {
                list.Add(value);
            }
        }

        return list;
    }

    private uint? Number(string name) => SipGrammar.TryNumber(Headers[name], uint.MaxValue, out var number) ? number : null;

    // delta-seconds [ comment ] *( SEMI parameter )
    private uint? LeadingNumber(string name)
    {
        var text = Headers[name].AsSpan();
        var end = text.IndexOfAny(" \t;(");
        return SipGrammar.TryNumber(end < 0 ? text : text[..end], uint.MaxValue, out var number) ? number : null;
    }

    private List<T> WellFormed<T>(string name, TryParse<T> parse)
        where T : class
    {
        var list = new List<T>();
        foreach (var element in Headers.Elements(name))
        {
            if (parse(element, out var value) && value is not null)
            {
                list.Add(value);
            }
        }

        return list;
    }
}
