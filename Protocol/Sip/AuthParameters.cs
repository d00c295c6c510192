using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>A challenge or credentials (RFC 3261 25.1, RFC 7616, RFC 8760): scheme and name=value list.</summary>
public sealed class AuthParameters
{
    /// <summary>A digest has about a dozen; more is an attack.</summary>
    public const int MaxParameters = 32;

    // RFC 7616 3.3, 3.4: these are written as tokens, all others quoted.
    private static readonly string[] Unquoted = ["algorithm", "stale", "nc"];

    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public AuthParameters(string scheme) => Scheme = scheme;

    public string Scheme { get; }

    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>Value without quotes; null: none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (found, value) in _parameters)
            {
                if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            return null;
        }
    }

    public AuthParameters Add(string name, string value)
    {
        _parameters.Add(new(name, value));
        return this;
    }

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AuthParameters? value)
    {
        value = null;
        text = text.Trim(" \t");
        var blank = text.IndexOfAny(' ', '\t');
        if (blank <= 0 || !SipGrammar.IsToken(text[..blank]))
        {
            return false;
        }

        var read = new AuthParameters(text[..blank].ToString());
        var rest = text[blank..];
        while (SipGrammar.TryNextElement(ref rest, out var element))
        {
            var equals = element.IndexOf('=');
            var name = equals < 0 ? default : element[..equals].Trim(" \t");
            if (!SipGrammar.IsToken(name) || read._parameters.Count == MaxParameters || read[name.ToString()] is not null)
            {
                return false;
            }

            read.Add(name.ToString(), SipGrammar.Unquote(element[(equals + 1)..].Trim(" \t")));
        }

        value = rest.IsEmpty ? read : null;
        return value is not null;
    }

    public override string ToString()
    {
        var text = new StringBuilder(Scheme);
        var separator = ' ';
        foreach (var (name, value) in _parameters)
        {
            // qop is a quoted list in a challenge, a token in credentials, which alone carry a response (RFC 7616 3.4).
            var bare = Unquoted.Contains(name, StringComparer.OrdinalIgnoreCase)
                || (name.Equals("qop", StringComparison.OrdinalIgnoreCase) && this["response"] is not null);
            text.Append(separator).Append(separator == ',' ? " " : "").Append(name).Append('=')
                .Append(bare && SipGrammar.IsToken(value) ? value : SipGrammar.Quote(value));
            separator = ',';
        }

        return text.ToString();
    }
}
