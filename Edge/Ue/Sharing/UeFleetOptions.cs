using System.Net;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Sharing;

/// <summary>What many clients of one process share, and how they choose among several servers.</summary>
public sealed record UeFleetOptions
{
    /// <summary>More cannot be told apart in one request's memory of where it was tried.</summary>
    public const int MaxServers = 64;

    /// <summary>In order; 1 to <see cref="MaxServers"/>. Clients are spread over them.</summary>
    public required IReadOnlyList<IPEndPoint> Servers { get; init; }

    public SipTransport Transport { get; init; } = SipTransport.Udp;

    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Sockets for RTP, and as many for floor control: as many as one call has legs here. Each call takes one per leg, and all calls the same.</summary>
    public int MediaLines { get; init; } = 8;

    /// <summary>A request to which a server says nothing for so long goes to the next one; with one server nothing is given up early.</summary>
    public TimeSpan FailoverAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>With several servers each is asked by OPTIONS so often; one that refuses or keeps silent is passed over until it answers.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Told when a server is passed over (with why) and when it is back (null).</summary>
    public Action<IPEndPoint, string?>? ServerChanged { get; init; }
}
