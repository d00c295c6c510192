using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Ues;

public sealed class UeRegistrationTests
{
    [Fact]
    public void Unknown_user_is_refused_unless_the_lab_provisions_it()
    {
        Assert.Equal(RejectionCode.UserUnknown, new UeRun().Register().Decision.Rejection?.Code);

        var lab = new UeRun().Register(change: register => register.AutoProvision = true);
        Assert.Single(lab.Decision.Accepted.Register.Bindings);
        Assert.Equal(UeRun.Alice, lab.View.Profile.McpttId);
    }

    [Fact]
    [Clause("RFC3261 10.3")]
    public void Register_answers_with_every_binding_and_its_end()
    {
        var ue = new UeRun().Known().Register("c1").Register("c2", expires: 60);

        var bindings = ue.Decision.Accepted.Register.Bindings;
        Assert.Equal(["c1", "c2"], bindings.Select(binding => binding.Client.ClientId));
        Assert.Equal(ue.Run.NowUs + 60_000_000, bindings[1].ExpiresAtUs);
    }

    [Theory]
    [InlineData(1u, "sip:alice@c1", 3600u)]
    [InlineData(2u, "sip:alice@elsewhere", 3600u)]
    [InlineData(2u, "sip:alice@c1", 0u)]
    [Clause("RFC3261 10.3")]
    public void Register_of_the_same_call_id_must_have_a_higher_cseq(uint cseq, string contact, uint expires) =>
        Assert.Equal(
            RejectionCode.OutsideTime,
            new UeRun().Known().Register(cseq: 2).Register(expires: expires, cseq: cseq, change: register => register.Client.ContactUri = contact).Decision.Rejection?.Code);

    [Fact]
    [Clause("RFC3263 4.3")]
    public void Register_that_comes_again_by_another_edge_because_its_answer_was_lost_binds_by_that_edge()
    {
        var ue = new UeRun().Known().Register(cseq: 2, change: register => register.Client.Flow = new Flow { EdgeNode = "n1" }).Register(cseq: 2, change: register => register.Client.Flow = new Flow { EdgeNode = "n2" });

        Assert.Equal("n2", Assert.Single(ue.Decision.Accepted.Register.Bindings).Client.Flow.EdgeNode);
    }

    [Fact]
    public void Phone_that_restarted_has_a_new_call_id_and_may_count_from_one() =>
        Assert.Null(new UeRun().Known().Register(cseq: 9).Register(cseq: 1, callId: "restarted").Decision.Rejection);

    [Fact]
    public void Binding_ends_by_expires_0_by_its_time_and_by_wildcard()
    {
        Assert.Empty(new UeRun().Known().Register().Register(expires: 0, cseq: 2).View.Bindings);
        Assert.Empty(new UeRun().Known().Register(expires: 60).Advance(60).View.Bindings);
        Assert.Empty(new UeRun().Known().Register("c1").Register("c2").Register(expires: 0, change: register => (register.All, register.SipCallId) = (true, "x")).View.Bindings);
    }

    [Fact]
    [Clause("RFC3261 10.3")]
    public void Wildcard_with_a_lifetime_is_refused() =>
        Assert.Equal(RejectionCode.InvalidRequest, new UeRun().Known().Register(change: register => register.All = true).Decision.Rejection?.Code);

    [Fact]
    public void Refresh_moves_the_end()
    {
        var ue = new UeRun().Known().Register(expires: 60).Advance(50).Register(expires: 60, cseq: 2);

        Assert.Single(ue.Advance(59).View.Bindings);
        Assert.Empty(ue.Advance(1).View.Bindings);
    }

    [Fact]
    public void Query_changes_nothing() =>
        Assert.Single(new UeRun().Known().Register().Register(change: register => (register.Query, register.Client) = (true, null)).Decision.Accepted.Register.Bindings);

    [Fact]
    public void Same_contact_under_another_client_id_is_the_same_phone()
    {
        var ue = new UeRun().Known().Register("c1").Register("c2", change: register => register.Client.ContactUri = "sip:alice@c1");

        Assert.Equal("c2", Assert.Single(ue.View.Bindings).Client.ClientId);
    }

    [Fact]
    public void Clients_behind_a_core_share_its_contact()
    {
        static void ByCore(Register register) => (register.ThirdParty, register.Client.ContactUri) = (true, "sip:scscf.example.org");

        Assert.Equal(2, new UeRun().Known().Register("c1", change: ByCore).Register("c2", change: ByCore).View.Bindings.Count);
    }

    [Fact]
    public void Binding_that_would_end_first_gives_way_when_there_are_too_many()
    {
        var ue = new UeRun().Known();
        for (var i = 0; i <= UeLimits.MaxBindings; i++)
        {
            ue.Register("c" + i, expires: (uint)(1000 + i));
        }

        Assert.Equal(UeLimits.MaxBindings, ue.View.Bindings.Count);
        Assert.DoesNotContain(ue.View.Bindings, binding => binding.Client.ClientId == "c0");
    }

    [Fact]
    [Clause("TS24.379 7.3")]
    public void Log_off_ends_binding_and_affiliations()
    {
        var ue = new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Send(new UeCommand { PublishSettings = new PublishSettings { ClientId = "c1" } });

        Assert.Equal(UeRun.Brigade, Assert.Single(ue.Deaffiliates).Group);
        Assert.Empty(ue.View.Bindings);
    }

    [Fact]
    [Clause("TS24.379 7.3")]
    public void Settings_without_a_binding_are_refused_and_with_one_reach_the_groups()
    {
        var settings = new UeCommand { PublishSettings = new PublishSettings { ClientId = "c1", ManualAnswer = true, ExpiresS = uint.MaxValue } };

        Assert.Equal(RejectionCode.NotRegistered, new UeRun().Known().Send(settings).Decision.Rejection?.Code);
        Assert.True(Assert.Single(new UeRun().Known().Register().Publish("c1", UeRun.Brigade).Send(settings).Affiliates).Affiliate.Client.ManualAnswer);
    }

    [Fact]
    public void Digest_learns_the_secrets_and_nobody_else()
    {
        var ue = new UeRun().Known().Send(new UeCommand { GetSubscriber = new GetSubscriber() });

        Assert.Equal("00", ue.Decision.Accepted.Subscriber.Profile.Ha1["MD5"]);
        Assert.Empty(ue.View.Profile.Ha1);
    }

    [Fact]
    public void Profile_of_another_user_is_refused() =>
        Assert.Equal(
            RejectionCode.InvalidRequest,
            new UeRun().Known(profile => profile.McpttId = "sip:bob@example.org").Decision.Rejection?.Code);

    [Fact]
    public void Removed_user_leaves_its_groups_and_subscribers_hear_the_end()
    {
        var ue = new UeRun().Known().Register().Subscribe().Publish("c1", UeRun.Brigade).Send(new UeCommand { RemoveUser = new RemoveUser() });

        Assert.Single(ue.Deaffiliates);
        Assert.Equal([3u, 4u], ue.Notifies.Select(notify => notify.Dialog.LocalCseq));
        Assert.Equal(0u, ue.Notifies.Last().ExpiresS);
        Assert.Equal(RejectionCode.UserUnknown, ue.Register().Decision.Rejection?.Code);
        Assert.Empty(ue.Run.Kind.Timers(ue.Run.State));
    }
}
