using Mcptt.Media.Sockets;

namespace Mcptt.Media.Sessions;

/// <summary>
/// Whose packet came from an address that is nobody's current one. In this order, and only when exactly one peer fits:
/// <list type="number">
/// <item>the peer whose SDP shows this very address (also when it was taken for somewhere else before);</item>
/// <item>a peer not heard yet whose SDP announced this SSRC;</item>
/// <item>a peer heard from this IP address with this SSRC that has been silent for <see cref="SilenceBeforeMove"/> (a NAT binding was renewed).
/// To another IP address a peer moves by SIP only: otherwise whoever guesses an SSRC could take over a leg;</item>
/// <item>a peer not heard yet with the same IP address in its SDP (another port: NAT, or a phone that sends from elsewhere);</item>
/// <item>with <see cref="MediaOptions.LatchBehindNat"/>, a peer not heard yet that can only be behind a NAT: private in its SDP, public here.</item>
/// </list>
/// The last two are guesses, so they are not made for an SSRC that is another peer's, nor for a peer whose SDP announced another SSRC.
/// Only valid RTP or floor messages come this far: a STUN request moves nobody.
/// </summary>
internal static class SourceMatch
{
    public static readonly TimeSpan SilenceBeforeMove = TimeSpan.FromSeconds(1);

    /// <summary>Packets from unknown addresses that are looked at, per socket; the rest is dropped, so that a flood of them costs little.</summary>
    public const int AttemptsPerSecond = 500;

    public static T? Find<T>(IReadOnlyCollection<T> legs, Func<T, PeerAddress?> channel, Packet packet)
        where T : class
    {
        return Only(legs, channel, peer => peer.Announced == packet.Source)
            ?? Only(legs, channel, peer => !peer.IsLatched && peer.AnnouncedSsrc != 0 && peer.AnnouncedSsrc == packet.Ssrc)
            ?? Only(legs, channel, peer => HasMoved(peer, packet))
            ?? (legs.Any(leg => channel(leg) is { IsLatched: true } peer && peer.LastSsrc == packet.Ssrc) ? null : Guess(legs, channel, packet));
    }

    private static T? Guess<T>(IReadOnlyCollection<T> legs, Func<T, PeerAddress?> channel, Packet packet)
        where T : class
    {
        return Only(legs, channel, peer => peer.MayHave(packet.Ssrc) && !peer.Announced.IsNone && peer.Announced.HasSameHost(packet.Source))
            ?? (
                packet.LatchBehindNat && !packet.Source.IsPrivate
                    ? Only(legs, channel, peer => peer.MayHave(packet.Ssrc) && peer.Announced.IsPrivate)
                    : null
            );
    }

    private static bool HasMoved(PeerAddress peer, Packet packet) =>
        peer.IsLatched
        && peer.Current.HasSameHost(packet.Source)
        && peer.LastSsrc == packet.Ssrc
        && packet.SilenceOf(peer.LastPacket) >= SilenceBeforeMove;

    private static T? Only<T>(IReadOnlyCollection<T> legs, Func<T, PeerAddress?> channel, Func<PeerAddress, bool> fits)
        where T : class
    {
        T? only = null;
        foreach (var leg in legs)
        {
            if (channel(leg) is { } peer && fits(peer))
            {
                if (only is not null)
                {
                    return null;
                }

                only = leg;
            }
        }

        return only;
    }

    public readonly record struct Packet(EndpointKey Source, uint Ssrc, long Now, TimeProvider Time, bool LatchBehindNat)
    {
        public TimeSpan SilenceOf(long lastPacket) => Time.GetElapsedTime(lastPacket, Now);
    }
}
