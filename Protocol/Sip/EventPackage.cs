using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>Event (RFC 6665 8.2.1): the package, for instance "presence", and the id parameter that tells subscriptions of one dialog apart.</summary>
public sealed record EventPackage(string Name, SipParameters Parameters)
{
    public string? Id => Parameters["id"];

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out EventPackage? value)
    {
        var semicolon = text.IndexOf(';');
        var name = (semicolon < 0 ? text : text[..semicolon]).Trim(" \t");
        var parameters = semicolon < 0 ? default : text[semicolon..];
        var good = SipGrammar.IsToken(name) && SipParameters.IsWellFormed(parameters);
        value = good ? new EventPackage(name.ToString(), new(parameters.ToString())) : null;
        return value is not null;
    }

    public override string ToString() => Name + Parameters;
}
