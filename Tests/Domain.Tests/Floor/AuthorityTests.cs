using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Subtype 14 by release, and Floor Revoke Request of release 19.</summary>
public sealed class AuthorityTests
{
    private static FloorRun Group(uint release) =>
        FloorRun.Of(3, rules => rules.ReleaseNumber = release).Join(4, chair => chair.MayCancelQueued = chair.MayRevoke = true);

    private static FloorCommand Cancel(uint leg, bool acknowledge = false, params uint[] users)
    {
        var received = new QueuedFloorRequestsReceived { Leg = leg, Purpose = (uint)QueuedFloorRequestsPurpose.CancelRequest, Acknowledge = acknowledge };
        received.Users.Add(users.Select(user => $"sip:u{user}@example.org"));
        return new FloorCommand { QueuedRequests = received };
    }

    private static FloorCommand RevokeOf(uint leg, uint user) =>
        new() { RevokeRequest = new RevokeFloorOfOther { Leg = leg, User = $"sip:u{user}@example.org" } };

    [Fact]
    [Clause("TS24.380 8.2.15")]
    public void An_authorised_user_cancels_the_queued_request_of_another() =>
        Group(18).Request(1).Request(2).Request(3).Do(Cancel(4, true, 2))
            .Says("4: Ack QueuedFloorRequests", "4: CancelResult 0", "2: CancelNotification").Is("taken", "1", "3");

    [Fact]
    [Clause("TS24.380 8.2.15")]
    public void Who_may_not_cancel_is_told_so_and_nothing_changes() =>
        Group(18).Request(1).Request(2).Do(Cancel(3, false, 2)).Says("3: CancelResult 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 8.2.15")]
    public void In_release_17_the_cancelled_one_learns_it_from_its_position() =>
        Group(17).Request(1).Request(2).Do(Cancel(4, true, 2)).Says("4: Ack QueuedFloorRequests", "2: Queue 254").Is("taken", "1");

    [Theory]
    [Clause("TS24.380 8.1.4")]
    [InlineData(13)]
    [InlineData(16)]
    public void Before_release_17_subtype_14_is_undefined_and_ignored(uint release) =>
        Group(release).Request(1).Request(2).Do(Cancel(4, true, 2)).WritesNothing().Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 8.2.17")]
    public void An_authorised_user_revokes_the_floor_of_another_with_cause_7_and_the_event_names_it()
    {
        var group = Group(19).Request(1).Do(RevokeOf(4, 1)).Says("1: Revoke 7").Is("pending-revoke", "1");
        Assert.Equal(4u, Assert.Single(group.Decision.Events).Floor.Revoked.ByLeg);
    }

    [Fact]
    public void Who_may_not_revoke_is_refused_and_the_attempt_is_an_event() =>
        Group(19).Request(1).Do(RevokeOf(3, 1)).Refuses(RejectionCode.NotAuthorised).Is("taken", "1");

    [Fact]
    public void Before_release_19_nobody_revokes_the_floor_of_another() =>
        Group(18).Request(1).Do(RevokeOf(4, 1)).Refuses(RejectionCode.NotAuthorised);

    [Fact]
    public void The_revoke_of_who_does_not_talk_changes_nothing() => Group(19).Request(1).Do(RevokeOf(4, 2)).WritesNothing();
}
