using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Ues;

[Clause("TS24.379 9.2")]
public sealed class UeAffiliationTests
{
    [Fact]
    public void Publish_asks_each_group_and_the_outcome_settles_it()
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade, UeRun.Rescue);
        Assert.Equal([UeRun.Brigade, UeRun.Rescue], ue.Affiliates.Select(told => told.Group));
        Assert.Equal(["affiliating", "affiliating"], Statuses(ue));

        ue.Outcome(UeRun.Brigade, affiliated: true).Outcome(UeRun.Rescue, affiliated: false, RejectionCode.NotAMember);

        Assert.Equal(["affiliated"], Statuses(ue));
    }

    [Fact]
    public void Publish_is_the_whole_set_of_its_client_and_of_no_other()
    {
        var ue = new UeRun().Known().Register("c1").Register("c2").Publish("c1", UeRun.Brigade).Publish("c2", UeRun.Brigade).Publish("c1", UeRun.Rescue);

        Assert.Equal(UeRun.Rescue, Assert.Single(ue.Affiliates).Group);
        Assert.Equal((UeRun.Brigade, "c1"), (Assert.Single(ue.Deaffiliates).Group, ue.Deaffiliates.Single().Deaffiliate.ClientId));
        Assert.Equal(["deaffiliating", "affiliating", "affiliating"], Statuses(ue));
    }

    [Fact]
    public void Publish_with_expires_0_ends_the_set_of_that_client()
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Outcome(UeRun.Brigade, true).Publish("c1", expires: 0);

        Assert.Single(ue.Deaffiliates);
        Assert.Empty(Statuses(ue.Outcome(UeRun.Brigade, affiliated: false)));
    }

    [Fact]
    public void Publish_of_the_same_set_again_changes_nothing() =>
        Assert.Empty(new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Publish("c1", UeRun.Brigade).Decision.Events);

    [Fact]
    public void Publish_for_a_limited_time_is_423()
    {
        var rejection = new UeRun().Known().Register().Publish("c1", 3600, UeRun.Brigade).Decision.Rejection;

        Assert.Equal((RejectionCode.IntervalTooBrief, uint.MaxValue), (rejection?.Code, rejection?.MinimumS));
    }

    [Fact]
    public void Publish_of_a_client_without_binding_is_404() =>
        Assert.Equal(RejectionCode.NotRegistered, new UeRun().Known().Publish("c1", UeRun.Brigade).Decision.Rejection?.Code);

    [Fact]
    public void N2_limits_the_groups_of_the_user_over_all_clients()
    {
        var ue = new UeRun().Known(profile => profile.MaxAffiliationsN2 = 2).Register("c1").Register("c2").Publish("c1", UeRun.Brigade, UeRun.Rescue);

        Assert.Null(ue.Publish("c2", UeRun.Brigade).Decision.Rejection);
        Assert.Equal(RejectionCode.TooManyAffiliations, ue.Publish("c2", "sip:third@example.org").Decision.Rejection?.Code);
        Assert.Null(ue.Publish("c1", expires: 0).Decision.Rejection);
    }

    [Fact]
    public void Set_of_one_publish_has_a_bound() =>
        Assert.Equal(
            RejectionCode.TooManyAffiliations,
            new UeRun().Known().Register()
                .Publish("c1", [.. Enumerable.Range(0, UeLimits.MaxPublishedGroups + 1).Select(i => $"sip:g{i}@example.org")])
                .Decision.Rejection?.Code);

    [Fact]
    public void Implicit_group_is_wanted_as_soon_as_a_client_registers_also_when_the_user_came_later()
    {
        Assert.Equal(UeRun.Brigade, Assert.Single(new UeRun().Implicit(UeRun.Brigade).Known().Register().Affiliates).Group);
        Assert.Equal(UeRun.Brigade, Assert.Single(new UeRun().Known().Register().Implicit(UeRun.Brigade).Affiliates).Group);
    }

    [Fact]
    public void Implicit_group_asks_again_for_who_was_refused_meanwhile()
    {
        var ue = new UeRun().Known().Register().Implicit(UeRun.Brigade).Outcome(UeRun.Brigade, false, RejectionCode.GroupDisabled);

        Assert.Single(ue.Implicit(UeRun.Brigade).Affiliates);
    }

    [Fact]
    public void Group_that_is_implicit_no_more_is_left_unless_it_was_published()
    {
        Assert.Single(new UeRun().Known().Register().Implicit(UeRun.Brigade).Implicit(UeRun.Brigade, false).Deaffiliates);
        Assert.Empty(new UeRun().Known().Register().Implicit(UeRun.Brigade).Publish("c1", UeRun.Brigade).Implicit(UeRun.Brigade, false).Deaffiliates);
    }

    [Fact]
    public void Plain_refresh_tells_the_groups_nothing_and_a_new_address_everything()
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade);

        Assert.Empty(ue.Register(cseq: 2).Effects);
        Assert.Equal("sip:new", Assert.Single(ue.Register(cseq: 3, change: register => register.Client.ContactUri = "sip:new").Affiliates).Affiliate.Client.ContactUri);
    }

    [Fact]
    public void Client_whose_binding_ends_leaves_its_groups() =>
        Assert.Equal(UeRun.Brigade, Assert.Single(new UeRun().Known().Register(expires: 60).Publish("c1", UeRun.Brigade).Advance(60).Deaffiliates).Group);

    [Theory]
    [InlineData(false, RejectionCode.Unspecified)]
    [InlineData(true, RejectionCode.Unspecified)]
    public void Outcome_that_a_later_wish_overtook_is_passed_over(bool affiliated, RejectionCode reason)
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Publish("c1", expires: 0);
        var wish = affiliated ? ue : ue.Publish("c1", UeRun.Brigade);

        Assert.Empty(wish.Outcome(UeRun.Brigade, affiliated, reason).Decision.Events);
    }

    [Fact]
    public void Phone_that_its_group_affiliated_by_invite_is_told_with_its_registered_address()
    {
        var ue = new UeRun().Known().Register().Outcome(UeRun.Brigade, affiliated: true);

        Assert.Equal("sip:alice@c1", Assert.Single(ue.Affiliates).Affiliate.Client.ContactUri);
        Assert.Empty(ue.Outcome(UeRun.Brigade, affiliated: true).Effects);
        Assert.Single(ue.Register(expires: 0, cseq: 2).Deaffiliates);
    }

    [Fact]
    public void Phone_without_a_binding_stays_in_its_call_and_is_invited_no_more() =>
        Assert.True(Assert.Single(new UeRun().Known().Outcome(UeRun.Brigade, affiliated: true).Deaffiliates).Deaffiliate.KeepInCall);

    [Fact]
    public void Fetch_gets_one_notify_and_leaves_nothing()
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Subscribe(expires: 0);

        var notify = Assert.Single(ue.Notifies);
        Assert.Equal((1u, 0u, "affiliating"), (notify.Dialog.LocalCseq, notify.ExpiresS, Assert.Single(notify.Status).Status));
        Assert.Equal(Dialogs.TagOf(notify.Dialog.Local), ue.Decision.Accepted.Affiliation.LocalTag);
        Assert.Empty(ue.Outcome(UeRun.Brigade, true).Notifies);
    }

    [Fact]
    [Clause("RFC6665 4.2")]
    public void Subscriber_hears_of_every_change_in_its_dialog_until_the_end()
    {
        var ue = new UeRun().Known().Register().Subscribe(expires: 100);
        var tag = ue.Decision.Accepted.Affiliation.LocalTag;
        Assert.Equal([1u], ue.Notifies.Select(notify => notify.Dialog.LocalCseq));
        Assert.Equal([2u], ue.Publish("c1", UeRun.Brigade).Notifies.Select(notify => notify.Dialog.LocalCseq));
        Assert.Equal([3u], ue.Outcome(UeRun.Brigade, true).Notifies.Select(notify => notify.Dialog.LocalCseq));
        Assert.Equal((4u, 50u), ue.Advance(50).Subscribe(expires: 50, cseq: 2, toTag: tag).Notifies.Select(notify => (notify.Dialog.LocalCseq, notify.ExpiresS)).Single());
        Assert.Equal((5u, 0u), ue.Advance(50).Notifies.Select(notify => (notify.Dialog.LocalCseq, notify.ExpiresS)).Single());
        Assert.Empty(ue.Publish("c1", UeRun.Rescue).Notifies);
    }

    [Fact]
    [Clause("RFC6665 4.2")]
    public void Subscribe_in_an_unknown_dialog_is_481_and_one_out_of_order_500()
    {
        Assert.Equal(RejectionCode.DialogUnknown, new UeRun().Known().Subscribe(toTag: "gone").Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.CseqOutOfOrder, new UeRun().Known().Subscribe(cseq: 2).Subscribe(cseq: 2).Decision.Rejection?.Code);
    }

    [Fact]
    public void Subscriptions_have_a_bound()
    {
        var ue = new UeRun().Known();
        for (var i = 0; i <= UeLimits.MaxSubscriptions; i++)
        {
            ue.Subscribe(expires: (uint)(100 + i), callId: "sub" + i);
        }

        Assert.Contains(ue.Notifies, notify => notify is { ExpiresS: 0, Dialog.CallId: "sub0" });
        Assert.Equal(UeLimits.MaxSubscriptions, ue.Run.Kind.Timers(ue.Run.State).Count());
    }

    private static IEnumerable<string> Statuses(UeRun ue) => ue.View.Affiliations.Select(status => status.Status);
}
