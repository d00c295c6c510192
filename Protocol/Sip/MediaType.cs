using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>Content-Type: type/subtype with parameters.</summary>
public sealed record MediaType(string Type, string Subtype, SipParameters Parameters)
{
    /// <summary>"application/sdp", in lower case, without parameters.</summary>
    public string Name { get; } = $"{Type}/{Subtype}".ToLowerInvariant();

    public bool IsMultipart => Type.Equals("multipart", StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MediaType? value)
    {
        value = null;
        text = text.Trim(" \t");
        var semicolon = text.IndexOf(';');
        var name = semicolon < 0 ? text : text[..semicolon];
        var parameters = semicolon < 0 ? default : text[semicolon..];
        var slash = name.IndexOf('/');
        if (slash < 0 || !SipParameters.IsWellFormed(parameters))
        {
            return false;
        }

        var (type, subtype) = (name[..slash].Trim(" \t").ToString(), name[(slash + 1)..].Trim(" \t").ToString());
        if (!SipGrammar.IsToken(type) || !SipGrammar.IsToken(subtype))
        {
            return false;
        }

        value = new MediaType(type, subtype, new(parameters.ToString()));
        return true;
    }

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Type}/{Subtype}{Parameters}";
}
