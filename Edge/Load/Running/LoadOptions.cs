using System.Net;
using Mcptt.Load.Profiles;
using Mcptt.Protocol.Sip;

namespace Mcptt.Load.Running;

/// <summary>A run: what load, at which servers, from where.</summary>
public sealed record LoadOptions
{
    public required LoadProfile Profile { get; init; }

    public required IReadOnlyList<IPEndPoint> Servers { get; init; }

    public SipTransport Transport { get; init; } = SipTransport.Udp;

    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Processes of the servers, where they run on this machine: their processor time is put beside the figures.</summary>
    public IReadOnlyList<int> ServerProcesses { get; init; } = [];
}
