using Mcptt.Domain.Groups;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Groups;

public sealed class GroupTests
{
    public static TheoryData<string, Action<GroupDocument>> BadDocuments =>
        new()
        {
            { "group_id", document => document.GroupId = "sip:other@example.org" },
            { "session_type", document => document.SessionType = SessionType.Private },
            { "mcptt_id", document => document.Members[0].McpttId = "alice" },
            { "mcptt_id", document => document.Members[0].McpttId = "sip:alice@example.org;x=y" },
            { "there twice", document => document.Members.Add(new GroupMember(document.Members[0])) },
            { "user_priority of sip:bob@example.org", document => document.Members[1].UserPriority = 256 },
            { "queue_depth", document => document.QueueDepth = GroupLimits.MaxQueueDepth + 1 },
            { "priority_levels", document => document.PriorityLevels = 256 },
            { "max_talkers", document => document.MaxTalkers = GroupLimits.MaxTalkers + 1 },
            { "max_participants", document => document.MaxParticipants = 1 },
            { "minimum_to_start", document => document.MinimumToStart = 3 },
            { "codecs", document => document.Codecs.Add("AMR WB") },
            { "hang_timer_ms", document => document.HangTimerMs = GroupLimits.MaxHangTimerMs + 1 },
            { "emergency_time_limit_ms", document => document.EmergencyTimeLimitMs = GroupLimits.MaxEmergencyTimeLimitMs + 1 },
            { "audio_cut_in", document => (document.AudioCutIn, document.MaxTalkers) = (true, 2) },
        };

    [Theory]
    [MemberData(nameof(BadDocuments))]
    public void Document_that_makes_no_sense_is_refused_with_the_key(string key, Action<GroupDocument> change)
    {
        var rejection = new GroupRun().Put(change).Decision.Rejection;

        Assert.Equal(RejectionCode.InvalidRequest, rejection?.Code);
        Assert.Contains(key, rejection!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.2")]
    public void Emergency_or_peril_by_who_may_not_declare_it_is_refused_and_said_not_to_be_so()
    {
        var group = new GroupRun().Put(document => document.Members[0].Rights = new CallRights { StartEmergency = true }).Affiliate("alice").Affiliate("bob");

        var refused = group.Call("bob", emergency: true).Decision.Rejection;
        Assert.Equal((RejectionCode.NotAuthorised, Indication.False), (refused?.Code, refused?.Emergency));
        Assert.Equal(Indication.False, group.Call("alice", peril: true).Decision.Rejection?.ImminentPeril);
        var started = Assert.Single(group.Call("alice", emergency: true).ToCalls).Command.Initiate;
        Assert.True(started.Invite.Emergency && started.Originator.Rights.StartEmergency);
        Assert.NotNull(group.Call("bob", "call2", emergency: true).Decision.Rejection);
    }

    [Fact]
    public void What_the_document_says_of_emergencies_and_the_floor_goes_into_the_rules_of_a_call()
    {
        var rules = Assert.Single(new GroupRun()
            .Put(document => (document.Temporary, document.EmergencyTimeLimitMs, document.AcknowledgeFloor) = (true, 60_000, true))
            .Affiliate("alice").Call("alice").ToCalls).Command.Initiate.Rules;
        Assert.Equal((true, 60_000u, true), (rules.Temporary, rules.EmergencyTimeLimitMs, rules.AcknowledgeFloor));
    }

    [Fact]
    public void Document_is_kept_as_it_is_and_the_same_one_again_changes_nothing()
    {
        var group = new GroupRun().Put();

        Assert.Equal(GroupRun.Document(), group.View.Document);
        Assert.Empty(group.Put().Decision.Events);
    }

    [Fact]
    [Clause("TS24.379 9.2.2")]
    public void Clients_of_members_are_affiliated_and_others_refused_with_the_reason()
    {
        var group = new GroupRun();
        Assert.Equal(RejectionCode.GroupUnknown, Assert.Single(group.Affiliate("alice").Outcomes).Outcome.Reason);
        group.Put();

        Assert.True(Assert.Single(group.Affiliate("alice").Outcomes).Outcome.Affiliated);
        Assert.Equal((GroupRun.User("eve"), RejectionCode.NotAMember), (Assert.Single(group.Affiliate("eve").Outcomes).User, group.Outcomes.Single().Outcome.Reason));
        Assert.Equal(RejectionCode.GroupDisabled, Assert.Single(group.Put(document => document.Disabled = true).Affiliate("bob").Outcomes).Outcome.Reason);
    }

    [Fact]
    public void Affiliation_is_per_client()
    {
        var group = new GroupRun().Put().Affiliate("alice", "1").Affiliate("alice", "2").Deaffiliate("alice", "1");

        Assert.Equal("2", Assert.Single(group.View.Affiliated).ClientId);
        Assert.True(Assert.Single(group.Outcomes).Outcome is { Affiliated: false, Reason: RejectionCode.Unspecified });
    }

    [Fact]
    public void Departure_of_who_was_not_there_is_confirmed_all_the_same() =>
        Assert.True(Assert.Single(new GroupRun().Put().Deaffiliate("alice").Outcomes).Outcome is { Affiliated: false, Reason: RejectionCode.Unspecified });

    [Fact]
    public void Implicit_members_are_told_when_the_document_says_so_and_when_it_does_not_any_more()
    {
        var group = new GroupRun().Put(document => document.Members[0].ImplicitAffiliation = true);
        Assert.Equal([(GroupRun.User("alice"), true)], group.Implicits);

        group.Put(document => document.Members[1].ImplicitAffiliation = true);
        Assert.Equal([(GroupRun.User("alice"), false), (GroupRun.User("bob"), true)], group.Implicits);
        Assert.Equal([(GroupRun.User("bob"), false)], group.Send(new GroupCommand { RemoveGroup = new RemoveGroup() }).Implicits);
    }

    [Fact]
    public void Implicit_members_are_told_again_when_a_disabled_group_comes_back()
    {
        static void Implicit(GroupDocument document) => document.Members[0].ImplicitAffiliation = true;
        var group = new GroupRun().Put(Implicit).Put(document => { Implicit(document); document.Disabled = true; });
        Assert.Empty(group.Implicits);

        Assert.Equal([(GroupRun.User("alice"), true)], group.Put(Implicit).Implicits);
    }

    [Fact]
    public void Member_that_the_document_drops_loses_affiliation_and_call()
    {
        var group = new GroupRun().Put().Affiliate("alice").Affiliate("bob").Call("alice").Put(document => document.Members.RemoveAt(1));

        Assert.Equal((GroupRun.User("bob"), RejectionCode.NotAMember), (Assert.Single(group.Outcomes).User, group.Outcomes.Single().Outcome.Reason));
        Assert.Equal(GroupRun.User("bob"), Assert.Single(group.ToCalls).Command.RemoveClient.McpttId);
    }

    [Fact]
    public void Group_that_is_removed_or_disabled_releases_its_call()
    {
        Assert.Contains(new GroupRun().Put().Affiliate("alice").Call("alice").Send(new GroupCommand { RemoveGroup = new RemoveGroup() }).ToCalls, told => told.Command.Release is not null);
        Assert.NotNull(Assert.Single(new GroupRun().Put().Affiliate("alice").Call("alice").Put(document => document.Disabled = true).ToCalls).Command.Release);
    }

    [Fact]
    public void Call_starts_with_the_rules_and_every_other_affiliated_client()
    {
        var group = new GroupRun().Put(document => (document.QueueDepth, document.Members[1].Required, document.Recorded) = (4, true, true))
            .Affiliate("alice", "1").Affiliate("alice", "2").Affiliate("bob").Call("alice");

        var (call, command) = Assert.Single(group.ToCalls);
        Assert.Equal(("call1", false), (call, group.Decision.Accepted.GroupCall.Joined));
        Assert.Equal((4u, GroupRun.Id), (command.Initiate.Rules.QueueDepth, command.Initiate.Rules.GroupId));
        Assert.True(command.Initiate.Rules.Recorded);
        Assert.Equal("sip:alice@1", command.Initiate.Originator.Client.ContactUri);
        Assert.Equal(["2", "1"], command.Initiate.Members.Select(member => member.Client.ClientId));
        Assert.True(command.Initiate.Members[1].Required);
    }

    [Fact]
    public void Invite_during_a_call_joins_it()
    {
        var group = new GroupRun().Put().Affiliate("alice").Affiliate("bob").Call("alice").Call("bob", "call2");

        Assert.Equal(("call1", true), (group.Decision.Accepted.GroupCall.Call, group.Decision.Accepted.GroupCall.Joined));
        Assert.Equal("call1", Assert.Single(group.ToCalls).Call);
        Assert.NotNull(group.ToCalls.Single().Command.Join);
    }

    [Fact]
    public void Next_invite_after_the_end_starts_a_new_call()
    {
        var group = new GroupRun().Put().Affiliate("alice").Call("alice").Ended("call1");

        Assert.Equal("call2", group.Call("alice", "call2").Decision.Accepted.GroupCall.Call);
        Assert.Empty(group.Ended("call1").Decision.Events);
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.6")]
    public void Client_that_affiliates_during_a_call_is_invited_and_a_new_address_alone_is_no_reason()
    {
        var group = new GroupRun().Put().Affiliate("alice").Call("alice").Affiliate("bob");
        Assert.Equal(GroupRun.User("bob"), Assert.Single(group.ToCalls).Command.InviteClient.Member.Client.McpttId);

        Assert.Empty(group.Affiliate("bob", change: contact => contact.ContactUri = "sip:moved").ToCalls);
    }

    [Fact]
    public void Client_that_leaves_the_group_leaves_its_call_unless_it_only_was_never_registered()
    {
        Assert.NotNull(Assert.Single(new GroupRun().Put().Affiliate("alice").Call("alice").Deaffiliate("alice").ToCalls).Command.RemoveClient);
        Assert.Empty(new GroupRun().Put().Affiliate("alice").Call("alice").Deaffiliate("alice", keepInCall: true).ToCalls);
    }

    [Fact]
    public void Plain_phone_of_a_member_is_affiliated_by_its_invite()
    {
        var group = new GroupRun().Put().Call("alice", mcptt: false);

        Assert.Equal("sip:alice@invite", Assert.Single(group.View.Affiliated).ContactUri);
        Assert.True(Assert.Single(group.Outcomes).Outcome.Affiliated);
        Assert.NotNull(Assert.Single(group.ToCalls).Command.Initiate);
    }

    [Theory]
    [InlineData(RejectionCode.GroupUnknown, "alice", false)]
    [InlineData(RejectionCode.NotAMember, "eve", true)]
    [InlineData(RejectionCode.NotAffiliated, "bob", true)]
    [Clause("TS24.379 4.4")]
    public void Caller_without_right_is_refused_with_the_reason(RejectionCode code, string name, bool exists)
    {
        var group = exists ? new GroupRun().Put().Affiliate("alice") : new GroupRun();

        Assert.Equal(code, group.Call(name).Decision.Rejection?.Code);
    }

    [Fact]
    [Clause("TS24.379 4.4")]
    public void Rights_and_types_of_the_document_are_kept()
    {
        Assert.Equal(RejectionCode.GroupDisabled, new GroupRun().Put(document => document.Disabled = true).Call("alice").Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.MayNotInitiate, new GroupRun().Put(document => document.Members[0].MayNotInitiate = true).Affiliate("alice").Call("alice").Decision.Rejection?.Code);
        Assert.Equal(
            RejectionCode.MayNotJoin,
            new GroupRun().Put(document => document.Members[1].MayNotJoin = true).Affiliate("alice").Affiliate("bob").Call("alice").Call("bob").Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.GroupIsPrearranged, new GroupRun().Put().Affiliate("alice").Call("alice", type: SessionType.Chat).Decision.Rejection?.Code);
        Assert.Equal(
            RejectionCode.GroupIsChat,
            new GroupRun().Put(document => document.SessionType = SessionType.Chat).Affiliate("alice").Call("alice").Decision.Rejection?.Code);
    }

    [Fact]
    public void Wrong_label_of_a_group_call_does_not_matter() =>
        Assert.Null(new GroupRun().Put().Affiliate("alice").Call("alice", type: SessionType.Private).Decision.Rejection);

    [Fact]
    public void Invite_that_a_finished_call_hands_back_starts_the_next_one_or_joins_what_has_started()
    {
        var group = new GroupRun().Put().Affiliate("alice").Affiliate("bob").Call("alice").Call("bob", "call2", bounced: "call1");
        Assert.Equal(("call2", "call2"), (Assert.Single(group.ToCalls).Call, group.View.Call));

        Assert.NotNull(Assert.Single(group.Call("alice", "call3", bounced: "call1").ToCalls).Command.Join);
    }

    [Fact]
    public void Invite_that_is_handed_back_and_has_no_right_any_more_is_answered()
    {
        var group = new GroupRun().Put().Affiliate("alice").Call("alice").Put(document => document.Members.RemoveAt(0)).Call("alice", bounced: "call1");

        Assert.Null(group.Decision.Rejection);
        Assert.Equal(RejectionCode.NotAMember, Assert.Single(group.Effects).Sip.Refuse.Rejection.Code);
        Assert.Equal("", group.View.Call);
    }
}
