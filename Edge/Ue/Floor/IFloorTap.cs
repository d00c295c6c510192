using System.Net;

namespace Mcptt.Ue.Floor;

/// <summary>Sees every floor datagram of a client as it stands on the wire. Called from several threads; must not wait.</summary>
public interface IFloorTap
{
    void Sent(string user, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram);

    void Received(string user, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram);
}
