using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Signalling;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Ue.Tests;

/// <summary>re-INVITE with a new offer of ours.</summary>
public sealed class ReofferTests : ClientTestBase
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.CallAsync(Group, implicitFloorRequest: false, CancellationToken.None));
    }

    [Fact]
    [Clause("RFC3264 8")]
    public async Task Hold_repeats_the_media_lines_with_the_next_version()
    {
        var first = MessageBodies.Sdp(await Server.TakeAsync(SipMethods.Invite))!;
        await Server.TakeAsync(SipMethods.Ack);
        Assert.Null(await Client.HoldAsync(held: true, CancellationToken.None));
        var invite = await Server.TakeAsync(SipMethods.Invite);
        var held = MessageBodies.Sdp(invite)!;
        Assert.Equal(first.Media.Select(media => (media.Type, media.Port)), held.Media.Select(media => (media.Type, media.Port)));
        Assert.Equal((first.Origin.SessionId, "1", "2"), (held.Origin.SessionId, first.Origin.SessionVersion, held.Origin.SessionVersion));
        Assert.Equal(MediaDirection.Inactive, held.DirectionOf(held.Media[0]));
        Assert.Equal(invite.CSeq.Number, (await Server.TakeAsync(SipMethods.Ack)).CSeq.Number);
    }

    [Fact]
    [Clause("RFC3261 14.1")]
    public async Task An_offer_that_crosses_one_of_the_server_is_made_again_after_a_pause_and_given_up_after_three()
    {
        var crossings = 1;
        Server.On(SipMethods.Invite, request => crossings-- > 0 ? request.CreateResponse(491, null, "srv") : WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.HoldAsync(held: true, CancellationToken.None));
        await Server.TakeAsync(SipMethods.Invite);
        var first = (await Server.TakeAsync(SipMethods.Invite)).CSeq.Number;
        Assert.Equal(first + 1, (await Server.TakeAsync(SipMethods.Invite)).CSeq.Number);

        crossings = 3;
        Assert.Equal("reoffer-failed: 491 Request Pending", await Client.HoldAsync(held: false, CancellationToken.None));
        Assert.Equal(0, crossings);
    }

    [Fact]
    public async Task What_is_refused_leaves_everything_as_it_was()
    {
        Server.On(SipMethods.Invite, 488);
        Assert.Equal("reoffer-failed: 488 Not Acceptable Here", await Client.RenegotiateAsync(new FloorOffer(false, 9, false), CancellationToken.None));
        Server.On(SipMethods.Invite, request => WithSdp(request.CreateResponse(200, null, "srv"), Sdp()));
        Assert.Null(await Client.HoldAsync(held: false, CancellationToken.None));
        await Server.TakeAsync(SipMethods.Invite);
        await Server.TakeAsync(SipMethods.Invite);
        var fmtp = McpttFmtp.Of(MessageBodies.Sdp(await Server.TakeAsync(SipMethods.Invite))!.Media[1]);
        Assert.Equal((true, null), (fmtp.Queueing, fmtp.Priority));
    }
}
