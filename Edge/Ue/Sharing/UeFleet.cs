using Mcptt.Ue.Media;
using Microsoft.Extensions.Logging;

namespace Mcptt.Ue.Sharing;

/// <summary>
/// Thousands of clients in one process over a handful of sockets: one for SIP, and for media as many as one call has legs here.
/// A client of it is a <see cref="UeClient"/> like any other.
/// </summary>
public sealed class UeFleet : IAsyncDisposable
{
    // A busy moment of a few thousand RTP packets must fit.
    private const int SocketOctets = 4 << 20;

    private readonly UeFleetOptions _options;
    private readonly TimeProvider _time;
    private readonly SharedSip _sip;
    private readonly ServerProbe _probe;
    private readonly List<MediaLine> _lines = [];

    private UeFleet(UeFleetOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time) = (options, time);
        _sip = new SharedSip(options, time, logger);
        _probe = new ServerProbe(_sip);
    }

    /// <summary>Datagrams that waited for the answer that names their source, and were pushed out.</summary>
    public long EarlyDatagramsDropped => _lines.Sum(line => line.EarlyDropped);

    public static UeFleet Create(UeFleetOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        if (options.Servers.Count is 0 or > UeFleetOptions.MaxServers)
        {
            throw new ArgumentException($"1 to {UeFleetOptions.MaxServers} servers are possible, not {options.Servers.Count}", nameof(options));
        }

        return new UeFleet(options, time, loggers.CreateLogger<UeFleet>());
    }

    /// <summary>Binds the sockets; throws <see cref="System.Net.Sockets.SocketException"/> when they cannot be had.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _sip.StartAsync(cancellationToken);
        for (var line = 0; line < _options.MediaLines; line++)
        {
            _lines.Add(new MediaLine(_options.LocalAddress, _time));
        }

        _probe.Start();
    }

    /// <summary>A client. The fleet must have started.</summary>
    /// <param name="options">The user part of its MCPTT ID is its own in this fleet; server, transport and address are the fleet's.</param>
    /// <param name="line">Clients that may be in the same call have different ones.</param>
    /// <param name="server">Index of the server that it begins with.</param>
    public UeClient CreateClient(UeOptions options, int line, int server)
    {
        var own = options with
        {
            Server = _options.Servers[server % _options.Servers.Count],
            Transport = _options.Transport,
            LocalAddress = _options.LocalAddress,
            MediaPorts = _lines[line],
        };
        return new UeClient(own, _sip.For(own.ContactUser, server), _time);
    }

    /// <summary>After its clients.</summary>
    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _sip.DisposeAsync();
        foreach (var line in _lines)
        {
            await line.DisposeAsync();
        }
    }

    private sealed class MediaLine(System.Net.IPAddress address, TimeProvider time) : IMediaPorts, IAsyncDisposable
    {
        private readonly SharedPort _rtp = new(UdpPort.BindEven(address, SocketOctets), time);
        private readonly SharedPort _floor = new(UdpPort.Bind(address, SocketOctets), time);

        public long EarlyDropped => _rtp.EarlyDropped + _floor.EarlyDropped;

        public IDatagramPort OpenRtp() => _rtp.Open();

        public IDatagramPort OpenFloor() => _floor.Open();

        public async ValueTask DisposeAsync()
        {
            await _rtp.DisposeAsync();
            await _floor.DisposeAsync();
        }
    }
}
