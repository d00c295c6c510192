using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sessions;
using Mcptt.Media.Sockets;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Sessions;

public sealed class SourceMatchTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Peer_not_heard_yet_is_known_by_its_announced_SSRC()
    {
        var (a, b) = (Peer("192.0.2.1:4000", 11), Peer("192.0.2.2:4000", 22));

        Assert.Same(b, Find("198.51.100.9:7", 22, a, b));
    }

    [Fact]
    public void Peer_not_heard_yet_is_known_by_its_IP_address_when_only_one_fits()
    {
        var (a, b, c) = (Peer("192.0.2.1:4000"), Peer("192.0.2.1:5000"), Peer("192.0.2.2:4000"));

        Assert.Same(c, Find("192.0.2.2:9999", 1, a, b, c));
        Assert.Null(Find("192.0.2.1:9999", 1, a, b, c));
        Heard(a, "192.0.2.1:4000", 5);
        Assert.Same(b, Find("192.0.2.1:9999", 1, a, b, c));
        Assert.Null(Find("192.0.2.1:9999", 5, a, b, c));
    }

    [Fact]
    public void Peer_that_announced_another_SSRC_is_not_guessed_for_its_media_but_for_its_floor_messages()
    {
        Assert.Null(Find("192.0.2.1:9999", 6, Peer("192.0.2.1:4000", 5)));
        var floor = PeerAddress.OfFloor("192.0.2.1:4001", 5, AddressFamily.InterNetwork);
        Assert.Same(floor, Find("192.0.2.1:9999", 6, floor));
    }

    [Fact]
    public void Nobody_fits_an_unknown_address()
    {
        Assert.Null(Find("198.51.100.9:7", 22, Peer("192.0.2.1:4000"), Peer("192.0.2.2:4000", 21)));
    }

    [Fact]
    public void Heard_peer_moves_to_another_port_of_its_address_with_its_SSRC_after_silence_only()
    {
        var a = Peer("192.0.2.1:4000");
        Heard(a, "192.0.2.1:4000", 7);

        Assert.Null(Find("192.0.2.1:4002", 7, a));
        _clock.Advance(SourceMatch.SilenceBeforeMove);
        Assert.Same(a, Find("192.0.2.1:4002", 7, a));
        Assert.Null(Find("192.0.2.1:4002", 8, a));
        Assert.Null(Find("192.0.2.3:4000", 7, a));
    }

    [Fact]
    public void Address_of_the_SDP_brings_a_peer_back_that_was_taken_for_another()
    {
        var a = Peer("192.0.2.1:4000");
        Heard(a, "192.0.2.1:6666", 7);

        Assert.Same(a, Find("192.0.2.1:4000", 8, a));
    }

    [Theory]
    [InlineData("10.1.2.3:4000", "198.51.100.9:7", true)]
    [InlineData("100.64.0.1:4000", "198.51.100.9:7", true)]
    [InlineData("[fd00::1]:4000", "[2001:db8::1]:7", true)]
    [InlineData("10.1.2.3:4000", "10.9.9.9:7", false)]
    [InlineData("192.0.2.1:4000", "198.51.100.9:7", false)]
    public void Peer_with_a_private_address_is_known_by_a_public_packet(string announced, string source, bool fits)
    {
        var a = Peer(announced);

        Assert.Equal(fits, ReferenceEquals(a, Find(source, 1, a)));
        Assert.Null(Find(source, 1, natAllowed: false, a));
        Assert.Null(Find(source, 1, a, Peer(announced)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("phone.example.org:4000")]
    [InlineData("192.0.2.1:0")]
    [InlineData("0.0.0.0:4000")]
    [InlineData("[2001:db8::1]:4000")]
    public void Address_that_cannot_be_sent_to_leaves_the_peer_to_its_SSRC(string remote)
    {
        var peer = PeerAddress.OfRtp(remote, 5, AddressFamily.InterNetwork);

        Assert.Null(peer.Destination);
        Assert.Same(peer, Find("192.0.2.1:4000", 5, peer));
        Assert.Null(Find("192.0.2.1:4000", 6, peer));
    }

    private static PeerAddress Peer(string announced, uint ssrc = 0) =>
        PeerAddress.OfRtp(announced, ssrc, IPEndPoint.Parse(announced).AddressFamily);

    private void Heard(PeerAddress peer, string from, uint ssrc)
    {
        var endpoint = IPEndPoint.Parse(from);
        peer.MoveTo(EndpointKey.From(endpoint), endpoint.Serialize());
        peer.Seen(_clock.GetTimestamp(), ssrc);
    }

    private PeerAddress? Find(string source, uint ssrc, params PeerAddress[] peers) => Find(source, ssrc, true, peers);

    private PeerAddress? Find(string source, uint ssrc, bool natAllowed, params PeerAddress[] peers) =>
        SourceMatch.Find(
            peers,
            peer => peer,
            new SourceMatch.Packet(EndpointKey.From(IPEndPoint.Parse(source)), ssrc, _clock.GetTimestamp(), _clock, natAllowed)
        );
}
