using System.Buffers;
using System.Net;

namespace Mcptt.Actors.Akka.Streams;

/// <summary>A packet of its own: the receive loop's buffer is used again before this one is forwarded.</summary>
internal sealed class RtpPacket
{
    private readonly byte[] _buffer;
    private readonly int _octets;

    public RtpPacket(ReadOnlySpan<byte> packet, SocketAddress source)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        _octets = packet.Length;
        packet.CopyTo(_buffer);
        Source = new SocketAddress(source.Family, source.Size);
        source.Buffer.Span[..source.Size].CopyTo(Source.Buffer.Span);
    }

    public ReadOnlySpan<byte> Octets => _buffer.AsSpan(0, _octets);

    public SocketAddress Source { get; }

    /// <summary>Nobody looks at it any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(_buffer);
}
