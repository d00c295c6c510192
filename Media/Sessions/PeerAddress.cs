using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Sessions;

/// <summary>
/// Where one channel of a leg is: the address of its SDP until its first packet, then where that came from (symmetric RTP, RFC 4961).
/// Written by the receive loop of its channel; the session's gate covers what the forwarding table is made from.
/// </summary>
internal sealed class PeerAddress
{
    private readonly SocketAddress? _announcedDestination;
    private readonly bool _sendsWithAnnouncedSsrc;

    private PeerAddress(EndpointKey announced, SocketAddress? destination, uint announcedSsrc, bool sendsWithAnnouncedSsrc)
    {
        Announced = announced;
        Current = announced;
        Destination = destination;
        AnnouncedSsrc = announcedSsrc;
        _announcedDestination = destination;
        _sendsWithAnnouncedSsrc = sendsWithAnnouncedSsrc;
    }

    public EndpointKey Announced { get; }

    public EndpointKey Current { get; private set; }

    /// <summary>Null: nothing can be sent there (yet).</summary>
    public SocketAddress? Destination { get; private set; }

    /// <summary>0: its SDP named none.</summary>
    public uint AnnouncedSsrc { get; }

    public bool IsLatched { get; private set; }

    public uint LastSsrc { get; private set; }

    public long LastPacket { get; private set; }

    /// <summary>Sends are passed over until then, after one that the system refused.</summary>
    public long PausedUntil { get; set; }

    /// <summary>An address of another family, a name, or port 0 leaves the peer without destination: it is known only by its packets.</summary>
    public static PeerAddress OfRtp(string remote, uint announcedSsrc, AddressFamily family) => Of(remote, announcedSsrc, family, true);

    /// <summary>mc_ssrc is that of the media: many a client has the same in its floor messages, but it need not.</summary>
    public static PeerAddress OfFloor(string remote, uint announcedSsrc, AddressFamily family) => Of(remote, announcedSsrc, family, false);

    /// <summary>Not heard yet, and nothing speaks against this SSRC being its own.</summary>
    public bool MayHave(uint ssrc) => !IsLatched && (!_sendsWithAnnouncedSsrc || AnnouncedSsrc == 0 || AnnouncedSsrc == ssrc);

    public void Seen(long now, uint ssrc)
    {
        IsLatched = true;
        LastPacket = now;
        LastSsrc = ssrc;
    }

    public void MoveTo(EndpointKey key, SocketAddress source)
    {
        var destination = new SocketAddress(source.Family, source.Size);
        source.Buffer.Span[..source.Size].CopyTo(destination.Buffer.Span);
        (Current, Destination, PausedUntil) = (key, destination, 0);
    }

    /// <summary>It was taken for somebody else.</summary>
    public void Forget() => (Current, Destination, IsLatched, LastSsrc, PausedUntil) = (Announced, _announcedDestination, false, 0, 0);

    private static PeerAddress Of(string remote, uint announcedSsrc, AddressFamily family, bool sendsWithAnnouncedSsrc) =>
        Usable(remote, family) is { } endpoint
            ? new PeerAddress(EndpointKey.From(endpoint), endpoint.Serialize(), announcedSsrc, sendsWithAnnouncedSsrc)
            : new PeerAddress(default, null, announcedSsrc, sendsWithAnnouncedSsrc);

    private static IPEndPoint? Usable(string remote, AddressFamily family)
    {
        if (!IPEndPoint.TryParse(remote, out var endpoint) || endpoint.Port == 0 || endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any))
        {
            return null;
        }

        return (endpoint.AddressFamily, family) switch
        {
            (AddressFamily.InterNetwork, AddressFamily.InterNetworkV6) => new IPEndPoint(endpoint.Address.MapToIPv6(), endpoint.Port),
            (AddressFamily.InterNetworkV6, AddressFamily.InterNetwork) when endpoint.Address.IsIPv4MappedToIPv6 =>
                new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port),
            var (theirs, ours) => theirs == ours ? endpoint : null,
        };
    }
}
