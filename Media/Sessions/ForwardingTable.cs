using Mcptt.Media.Sockets;

namespace Mcptt.Media.Sessions;

/// <summary>What the RTP path knows of one leg.</summary>
internal sealed record Route(MediaLeg Leg, PeerAddress Rtp, bool Hears, bool MayTalk, bool HasFloorChannel);

/// <summary>Who sends from where, who may talk, who hears. Never changed, only replaced whole, so that the RTP path reads it without a lock.</summary>
internal sealed class ForwardingTable
{
    private readonly Dictionary<EndpointKey, Route> _bySource = [];
    private readonly Dictionary<EndpointKey, MediaLeg> _byFloorSource = [];
    private readonly Dictionary<EndpointKey, int> _left = []; // SDP addresses of legs that were heard from elsewhere, and how many each.
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

            NoteIfLeft(route.Rtp);

            if (route.Leg.Floor is { Current.IsNone: false } floor)
            {
                _byFloorSource.TryAdd(floor.Current, route.Leg);
                NoteIfLeft(floor);
            }
        }
    }

    public static ForwardingTable Empty { get; } = new([], new Dictionary<uint, TimeSpan>());

    public ReadOnlySpan<Route> Routes => _routes;

    public ReadOnlySpan<Route> Listeners => _listeners;

    public Route? FindSource(EndpointKey source) => _bySource.GetValueOrDefault(source);

    /// <summary>The SDP address, RTP or floor, of exactly one leg, which was heard from elsewhere: who sends from there is to be looked at however many strangers are.</summary>
    public bool IsAnnounced(EndpointKey source) => _left.GetValueOrDefault(source) == 1;

    public MediaLeg? FindFloorSource(EndpointKey source) => _byFloorSource.GetValueOrDefault(source);

    // Announced by two it tells nobody, and looking for it again and again would be what the bound on strangers is to prevent.
    private void NoteIfLeft(PeerAddress peer)
    {
        if (peer.Current != peer.Announced && !peer.Announced.IsNone)
        {
            _left[peer.Announced] = _left.GetValueOrDefault(peer.Announced) + 1;
        }
    }
}
