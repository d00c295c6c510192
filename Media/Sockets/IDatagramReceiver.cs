using System.Net;

namespace Mcptt.Media.Sockets;

internal interface IDatagramReceiver
{
    /// <summary>Both arguments are the receive loop's own and used again for the next datagram.</summary>
    void OnDatagram(ReadOnlySpan<byte> datagram, SocketAddress source);
}
