using System.Collections.Concurrent;
using System.Net;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>The open connections, within their bounds.</summary>
internal sealed class ConnectionTable(SipTransportOptions options)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, StreamConnection> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(SipTransport Transport, IPEndPoint Remote), StreamConnection> _byRemote = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];

    public IReadOnlyCollection<StreamConnection> All => [.. _byId.Values];

    public int Count => _byId.Count;

    /// <summary>False: there are too many already.</summary>
    public bool TryAdd(StreamConnection connection)
    {
        var flow = connection.Flow;
        lock (_gate)
        {
            var ofAddress = _perAddress.GetValueOrDefault(flow.Remote.Address);
            if (_byId.Count >= options.MaxConnections || ofAddress >= options.MaxConnectionsPerAddress)
            {
                return false;
            }

            _perAddress[flow.Remote.Address] = ofAddress + 1;
            _byRemote[(flow.Transport, flow.Remote)] = connection;
            return _byId.TryAdd(flow.ConnectionId, connection);
        }
    }

    public void Remove(StreamConnection connection)
    {
        var flow = connection.Flow;
        lock (_gate)
        {
            if (!_byId.TryRemove(flow.ConnectionId, out _))
            {
                return;
            }

            if (_byRemote.TryGetValue((flow.Transport, flow.Remote), out var other) && other == connection)
            {
                _byRemote.Remove((flow.Transport, flow.Remote));
            }

            if (--_perAddress[flow.Remote.Address] == 0)
            {
                _perAddress.Remove(flow.Remote.Address);
            }
        }
    }

    public StreamConnection? ById(string id) => _byId.GetValueOrDefault(id);

    public StreamConnection? ByRemote(SipTransport transport, IPEndPoint remote)
    {
        lock (_gate)
        {
            return _byRemote.GetValueOrDefault((transport, remote));
        }
    }
}
