using System.Net;

namespace Mcptt.Ue.Media;

internal delegate void DatagramHandler(ReadOnlySpan<byte> datagram);

internal delegate void SourcedDatagramHandler(ReadOnlySpan<byte> datagram, SocketAddress from);

/// <summary>Where the datagrams of one call come and go. They come one at a time.</summary>
internal interface IDatagramPort : IAsyncDisposable
{
    IPEndPoint Local { get; }

    void Start(DatagramHandler handler);

    /// <summary>The other side sends from here: where calls share a port they are told apart by it. What has come from there already is handed over.</summary>
    void Expect(IPEndPoint remote);

    /// <summary>A datagram that the socket does not take is lost, as on the network.</summary>
    bool TrySend(ReadOnlySpan<byte> datagram, IPEndPoint to);
}

/// <summary>Gives a call its ports.</summary>
internal interface IMediaPorts
{
    IDatagramPort OpenRtp();

    IDatagramPort OpenFloor();
}

/// <summary>Two sockets for each call.</summary>
internal sealed class OwnMediaPorts(IPAddress address) : IMediaPorts
{
    public IDatagramPort OpenRtp() => UdpPort.BindEven(address);

    public IDatagramPort OpenFloor() => UdpPort.Bind(address);
}

/// <summary>What one RTP packet of speech holds.</summary>
internal readonly record struct VoicePacket(TimeSpan Time, int Octets)
{
    public static VoicePacket Default { get; } = new(TimeSpan.FromMilliseconds(20), RtpSender.FrameOctets);

    public static int G711Octets(TimeSpan time) => (int)(time.TotalSeconds * Audio.WavFile.SampleRate);
}
