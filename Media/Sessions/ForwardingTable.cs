using Mcptt.Media.Sockets;

namespace Mcptt.Media.Sessions;

/// <summary>What the RTP path knows of one leg.</summary>
internal sealed record Route(MediaLeg Leg, PeerAddress Rtp, bool Hears, bool MayTalk, bool HasFloorChannel);

/// <summary>Who sends from where, who may talk, who hears. Never changed, only replaced whole, so that the RTP path reads it without a lock.</summary>
internal sealed class ForwardingTable
{
    private readonly Dictionary<EndpointKey, Route> _bySource = [];
    private readonly Dictionary<EndpointKey, MediaLeg> _byFloorSource = [];
    private readonly Route[] _routes;
    private readonly Route[] _listeners;

    /// <param name="legs">In ascending order: of two legs with the same address the first one is whose packets they are.</param>
    /// <param name="talkers">Legs that may talk.</param>
    public ForwardingTable(IEnumerable<MediaLeg> legs, IReadOnlyDictionary<uint, TimeSpan> talkers)
    {
        _routes = [.. legs.Select(leg => new Route(leg, leg.Rtp, leg.Hears, talkers.ContainsKey(leg.Number), leg.HasFloorChannel))];
        _listeners = [.. _routes.Where(route => route.Hears)];
        foreach (var route in _routes)
        {
            if (!route.Rtp.Current.IsNone)
            {
                _bySource.TryAdd(route.Rtp.Current, route);
            }

            if (route.Leg.Floor is { Current.IsNone: false } floor)
            {
                _byFloorSource.TryAdd(floor.Current, route.Leg);
            }
        }
    }

    public static ForwardingTable Empty { get; } = new([], new Dictionary<uint, TimeSpan>());

    public ReadOnlySpan<Route> Routes => _routes;

    public ReadOnlySpan<Route> Listeners => _listeners;

    public Route? FindSource(EndpointKey source) => _bySource.GetValueOrDefault(source);

    public MediaLeg? FindFloorSource(EndpointKey source) => _byFloorSource.GetValueOrDefault(source);
}
