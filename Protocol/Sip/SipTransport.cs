namespace Mcptt.Protocol.Sip;

public enum SipTransport
{
    Udp = 1,
    Tcp = 2,
    Tls = 3,
}

public static class SipTransportExtensions
{
    /// <summary>The transport's name in a Via (RFC 3261 20.42).</summary>
    public static string ViaName(this SipTransport transport) => transport switch
    {
        SipTransport.Udp => "UDP",
        SipTransport.Tcp => "TCP",
        _ => "TLS",
    };

    public static bool IsReliable(this SipTransport transport) => transport != SipTransport.Udp;
}
