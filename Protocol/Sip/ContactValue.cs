using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>One Contact value: "*" or an address with expires, q, feature tags (RFC 3840) and +sip.instance.</summary>
public sealed class ContactValue
{
    private static readonly NameAddr NoAddress = NameAddr.Parse("<sip:anonymous.invalid>");

    private ContactValue() => (Address, IsWildcard) = (NoAddress, true);

    public ContactValue(NameAddr address) => Address = address;

    /// <summary>"*": all bindings (RFC 3261 10.2.2).</summary>
    public static ContactValue Wildcard { get; } = new();

    public bool IsWildcard { get; }

    public NameAddr Address { get; }

    public SipUri? Uri => Address.Uri;

    public SipParameters Parameters => Address.Parameters;

    /// <summary>Null: not given, or no number (RFC 3261 20.10: then as if not given).</summary>
    public uint? ExpiresSeconds => SipGrammar.TryNumber(Parameters["expires"], uint.MaxValue, out var seconds) ? seconds : null;

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ContactValue? value)
    {
        value = text.Trim(" \t") is "*" ? Wildcard : NameAddr.TryParse(text, out var address) ? new ContactValue(address) : null;
        return value is not null;
    }

    /// <summary>Whether a feature tag is there, with or without its plus sign (some specification examples omit it).</summary>
    public bool HasFeature(string tag) => Parameters.Contains(tag) || (tag.StartsWith('+') && Parameters.Contains(tag[1..]));

    public override string ToString() => IsWildcard ? "*" : Address.ToString();
}
