using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>Session-Expires (RFC 4028 4). Refresher is "uac", "uas" or null: not said.</summary>
public sealed record SessionExpires(uint Seconds, string? Refresher)
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SessionExpires? value)
    {
        value = null;
        var semicolon = text.IndexOf(';');
        var parameters = semicolon < 0 ? default : text[semicolon..];
        if (!SipGrammar.TryNumber((semicolon < 0 ? text : text[..semicolon]).Trim(" \t"), uint.MaxValue, out var seconds)
            || !SipParameters.IsWellFormed(parameters))
        {
            return false;
        }

        var refresher = new SipParameters(parameters.ToString())["refresher"]?.ToLowerInvariant();
        value = new SessionExpires(seconds, refresher);
        return refresher is null or "uac" or "uas";
    }

    public override string ToString() => Refresher is null ? $"{Seconds}" : $"{Seconds};refresher={Refresher}";
}
