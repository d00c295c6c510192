using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Sip;

/// <summary>One Via value (RFC 3261 20.42).</summary>
public sealed class Via
{
    /// <summary>RFC 3261 8.1.1.7: a branch that starts so identifies its transaction alone.</summary>
    public const string MagicCookie = "z9hG4bK";

    private Via(ViaSlices slices)
        : this(slices.Transport.ToString().ToUpperInvariant(), slices.Host.ToString(), slices.Port, new(slices.Parameters.ToString()))
    {
    }

    public Via(string transport, string host, int port, SipParameters parameters)
    {
        (Transport, Host, Port, Parameters) = (transport, host, port, parameters);
    }

    public Via(SipTransport transport, string host, int port, string branch)
        : this(transport.ViaName(), host, port, SipParameters.None.With("branch", branch))
    {
    }

    /// <summary>Upper case: "UDP", "TCP", "TLS", or one that we do not know.</summary>
    public string Transport { get; }

    public string Host { get; }

    /// <summary>0: not given.</summary>
    public int Port { get; }

    public SipParameters Parameters { get; }

    public string? Branch => Parameters["branch"];

    public bool HasMagicCookie => Branch?.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase) ?? false;

    public string? Received => Parameters["received"];

    /// <summary>RFC 3581: the client asks for the port it was seen with.</summary>
    public bool AsksForPort => Parameters.Contains("rport");

    /// <summary>Value of rport; 0: none.</summary>
    public int SeenPort => SipGrammar.TryNumber(Parameters["rport"], 65_535, out var port) ? (int)port : 0;

    /// <summary>host or host:port, as compared by RFC 3261 17.2.3.</summary>
    public string SentBy => Port == 0 ? Host : $"{Host}:{Port}";

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Via? value)
    {
        value = ViaSlices.TryRead(text, out var slices) ? new Via(slices) : null;
        return value is not null;
    }

    public Via With(string parameter, string? value = null) => new(Transport, Host, Port, Parameters.With(parameter, value));

    public override string ToString() => $"SIP/2.0/{Transport} {SentBy}{Parameters}";
}
