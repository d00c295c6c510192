using System.Net;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Sessions;

/// <summary>The receiving end where the node has a pipeline.</summary>
internal sealed class PipedReceiver(IRtpLane lane) : IDatagramReceiver, IAsyncDisposable
{
    public void OnDatagram(ReadOnlySpan<byte> datagram, SocketAddress source) => lane.Offer(datagram, source);

    public ValueTask DisposeAsync() => lane.DisposeAsync();
}
