using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <param name="Certificate">Of the server, for TLS.</param>
public sealed record SipListener(SipTransport Transport, IPEndPoint Endpoint, X509Certificate2? Certificate = null);

/// <summary>Sockets and what a peer may cost. What happens at a bound stands beside it; all of it is counted (<see cref="TransportEvent"/>).</summary>
public sealed record SipTransportOptions
{
    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    public IReadOnlyList<SipListener> Listeners { get; init; } = [];

    /// <summary>Host of our Vias; empty: the address the listener is bound to.</summary>
    public string AdvertisedHost { get; init; } = "";

    public SipLimits Limits { get; init; } = SipLimits.Default;

    /// <summary>A further connection is closed at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>The same for one remote address.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>Connections being opened by us at the same time; a further message fails.</summary>
    public int MaxConnecting { get; init; } = 256;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the first byte of a message to its last, and for the TLS handshake; then the connection is closed.</summary>
    public TimeSpan ReceiveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection on which no message has come yet is closed after this.</summary>
    public TimeSpan FirstMessageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection on which nothing comes, not even a keep-alive; longer than the usual registration, which keeps it in use.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>One write that the peer does not take; then the connection is closed.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages that wait for a slow peer; one more closes the connection.</summary>
    public int MaxSendQueueMessages { get; init; } = 256;

    public int MaxSendQueueBytes { get; init; } = 1_048_576;

    /// <summary>Messages are handled in this many lanes, those of one Call-ID in order. At least 1.</summary>
    public int Lanes { get; init; } = 8;

    /// <summary>Messages that wait in a lane. Full: a datagram is dropped (the peer sends it again), a stream is not read on.</summary>
    public int LaneCapacity { get; init; } = 2_048;

    public int UdpBufferBytes { get; init; } = 4_194_304;

    /// <summary>Peers that take TCP on the same address and port: requests too long for UDP go to them that way (RFC 3261 18.1.1).</summary>
    public IReadOnlyCollection<IPEndPoint> TcpUpstreams { get; init; } = [];

    /// <summary>RFC 3261 18.1.1: the greatest request on a path of unknown MTU.</summary>
    public int MaxUdpRequestBytes { get; init; } = 1_300;

    /// <summary>Null: the system's trust.</summary>
    public RemoteCertificateValidationCallback? CertificateValidation { get; init; }
}
