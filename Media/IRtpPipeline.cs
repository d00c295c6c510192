using System.Net;

namespace Mcptt.Media;

/// <summary>
/// Another way for received packets from their socket to the forwarding than the usual one, in which the receive loop calls it itself. Packets of a session stay in order, one at a
/// time. The media node disposes it.
/// </summary>
public interface IRtpPipeline : IAsyncDisposable
{
    /// <param name="forward">Forwards one packet; its arguments are used again when it returns.</param>
    /// <param name="dropped">Is told of each packet that had to go because more waited than may: the oldest, as old speech is worth less than new.</param>
    IRtpLane Open(RtpForward forward, Action dropped);
}

/// <summary>The way of one session's packets.</summary>
public interface IRtpLane : IAsyncDisposable
{
    /// <summary>Both arguments are the receive loop's own and used again for the next packet. It must not wait.</summary>
    void Offer(ReadOnlySpan<byte> packet, SocketAddress source);
}

public delegate void RtpForward(ReadOnlySpan<byte> packet, SocketAddress source);
