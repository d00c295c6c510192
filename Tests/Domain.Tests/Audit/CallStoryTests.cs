using Mcptt.Domain.Audit.Stories;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>What a story says of a call whose course is known.</summary>
public sealed class CallStoryTests
{
    private static readonly CallStory Twelve = StageScenes.TwelveMembers().Story();
    private static readonly CallStory Small = StageScenes.Small().Story();

    private static string User(string name) => Stage.User(name);

    private static StoryBurst Burst(CallStory story, int number) => story.Bursts.Single(burst => burst.Number == number);

    private static IEnumerable<string> Hearers(CallStory story, int burst) => story.HearersOf(Burst(story, burst)).Select(hearing => hearing.User).Order();

    [Fact]
    public void It_says_whose_call_it_was_when_it_was_and_why_it_ended()
    {
        Assert.Equal((Stage.Group, User("alice"), SessionType.Prearranged), (Twelve.Group, Twelve.Originator, Twelve.SessionType));
        Assert.Equal((Stage.StartUs, "hang timer", ""), (Twelve.StartedUs, Twelve.EndReason, Twelve.Fault));
        Assert.Equal(12, Twelve.Legs.Count(leg => leg.JoinedUs is not null));
        Assert.Equal(Twelve.EndedUs, Twelve.UntilUs);
    }

    [Fact]
    public void It_says_how_each_one_came_and_went()
    {
        StoryLeg Leg(string name) => Twelve.Legs.Single(leg => leg.User == User(name));

        Assert.Equal(StoryEntry.Originator, Leg("alice").Entry);
        Assert.Equal(StoryEntry.Invited, Leg("bob").Entry);
        Assert.Equal(StoryEntry.LateEntry, Leg("lena").Entry);
        Assert.Equal((StoryOutcome.Left, "hung up"), (Leg("ken").Outcome, Leg("ken").Why));
        Assert.Equal("end of the call", Leg("bob").Why);
        Assert.True(Leg("heidi").ReceiveOnly);
        var zoe = Small.Legs.Single(leg => leg.User == User("zoe"));
        Assert.Equal((StoryOutcome.Failed, "busy (486 Busy Here)", null), (zoe.Outcome, zoe.Why, zoe.JoinedUs));
        Assert.True(Small.Legs.Single(leg => leg.User == User("phone")).IsPlainPhone);
    }

    [Fact]
    public void It_says_who_talked_from_when_to_when_and_how_it_ended()
    {
        Assert.Equal(["alice", "bob", "dave", "carol", "erin"], Twelve.Bursts.Select(burst => burst.User.Split(':', '@')[1]));
        var bob = Burst(Twelve, 2);
        Assert.Equal((4u, "released", bob.RevokedUs + 400_000), (bob.RevokeCause, bob.Why, bob.EndedUs));
        Assert.True(Burst(Twelve, 4).FromQueue);
        Assert.Equal(Twelve.Waits.Single(wait => wait.User == User("carol")).FromUs, Burst(Twelve, 4).AskedUs);
    }

    [Fact]
    public void It_says_who_could_hear_whom_and_from_when()
    {
        Assert.Equal(10, Hearers(Twelve, 1).Count());
        Assert.DoesNotContain(User("alice"), Hearers(Twelve, 1));
        var late = Twelve.HearersOf(Burst(Twelve, 2)).Single(hearing => hearing.User == User("lena"));
        Assert.Equal((Twelve.Legs.Single(leg => leg.User == User("lena")).JoinedUs, Burst(Twelve, 2).EndedUs), (late.Spans.Single().FromUs, late.Spans.Single().UntilUs));
        var left = Twelve.HearersOf(Burst(Twelve, 4)).Single(hearing => hearing.User == User("ken"));
        Assert.Equal(Twelve.Legs.Single(leg => leg.User == User("ken")).EndedUs, left.Spans.Single().UntilUs);
        Assert.Contains("sip:ken@example.org until ", StorySummary.HearersOf(Twelve, Burst(Twelve, 4)), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_on_hold_or_wants_no_voice_hears_nothing()
    {
        // Carol holds from the middle of burst 2 on; dave wants no voice during the whole of burst 4.
        var carol = Small.HearersOf(Burst(Small, 2)).Single(hearing => hearing.User == User("carol"));
        Assert.True(carol.Spans.Single().UntilUs < Burst(Small, 2).EndedUs);
        Assert.DoesNotContain(User("carol"), Hearers(Small, 3));
        Assert.DoesNotContain(User("dave"), Hearers(Small, 4));
        Assert.Contains("sip:dave@example.org not (asked for no voice)", StorySummary.HearersOf(Small, Burst(Small, 4)), StringComparison.Ordinal);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void It_says_who_waited_at_which_places_and_who_took_the_floor_from_whom()
    {
        var erin = Twelve.Waits.Single(wait => wait.User == User("erin"));
        Assert.Equal([2, 3, 2, 1], erin.Positions.Select(position => position.Position));
        Assert.Equal(("got the floor", true), (erin.Outcome, erin.Granted));
        Assert.True(Twelve.Waits.Single(wait => wait.User == User("dave")).Preemptive);
        var revoke = Assert.Single(Twelve.Revokes);
        Assert.Equal((User("bob"), User("dave"), 4u), (revoke.User, revoke.ByUser, revoke.Cause));
        Assert.Equal("TS 24.380 6.3.4.4.7", revoke.Clause);
    }

    [Fact]
    public void It_says_who_was_refused_what_and_why_with_the_clause()
    {
        var join = Twelve.Refusals.Single(refusal => refusal.Asked == StoryAsked.Join);
        Assert.Equal((User("mallory"), "TS 24.379 4.4.2"), (join.User, join.Clause));
        Assert.Contains("Warning 116", join.Words, StringComparison.Ordinal);
        var floor = Twelve.Refusals.Single(refusal => refusal.Asked == StoryAsked.Floor);
        Assert.Equal((User("heidi"), "Floor Deny cause 5", "TS 24.380 8.2.6.2"), (floor.User, floor.Code, floor.Clause));
        Assert.Contains("plain phone", Small.Refusals.Single(refusal => refusal.User == User("phone")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_when_the_call_was_in_an_emergency() =>
        Assert.True(Assert.Single(Small.Conditions) is { Emergency: true, UntilUs: { } until, FromUs: var from } && until - from == 2_400_000);

    [Fact]
    public void Asked_for_a_moment_it_answers_who_heard_whom_who_waited_and_who_was_refused_in_it()
    {
        var refusedUs = Twelve.Refusals.Single(refusal => refusal.Asked == StoryAsked.Join).TimeUs;
        var second = refusedUs / 1_000_000 * 1_000_000;
        var instant = StoryInstant.Of(Twelve, new StorySpan(second, second + 1_000_000));

        Assert.Equal("under way", instant.Phase);
        var talk = Assert.Single(instant.Talkers);
        Assert.Equal((User("bob"), true, 10), (talk.Burst.User, talk.Speaks, talk.Hearers.Length));
        Assert.Equal([User("carol"), User("erin")], instant.Waiting.Select(wait => wait.User));
        Assert.Equal(User("mallory"), Assert.Single(instant.Refused, refusal => refusal.Asked == StoryAsked.Join).User);
        Assert.Contains(instant.Happened, moment => moment.What.Kind == "group-join-refused");
    }

    [Fact]
    public void Before_it_begins_and_after_it_ends_a_call_says_so()
    {
        Assert.Equal("before the call", StoryInstant.Of(Twelve, new StorySpan(Stage.StartUs - 1, Stage.StartUs)).Phase);
        var after = StoryInstant.Of(Twelve, new StorySpan(Twelve.UntilUs, Twelve.UntilUs + 1));
        Assert.Equal(("over", 0, 0), (after.Phase, after.InCall.Length, after.Talkers.Length));
    }

    [Fact]
    public void A_call_under_way_is_told_up_to_its_last_event()
    {
        var story = new Stage(["alice", "bob"]).Affiliate("alice", "bob").Call("alice").Wait(1).Press("alice").Wait(0.2).Speak("alice").Story();

        Assert.Null(story.EndedUs);
        Assert.Equal(story.LastUs, story.UntilUs);
        Assert.Null(Assert.Single(story.Bursts).EndedUs);
        Assert.Contains("Not over by its last event", string.Join('\n', StoryTables.Of(story).First().Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_ends_in_a_burst_ends_all_that_was_open()
    {
        var story = new Stage(["alice", "bob", "carol"]).Affiliate("alice", "bob", "carol").Call("alice").Wait(1).Press("alice").Wait(0.2).Speak("alice").Press("bob")
            .Emergency(true).Order(new CallCommand { Release = new ReleaseCall { Reason = "released by operator" } }).Story();

        Assert.Equal("end of the call", Assert.Single(story.Bursts).Why);
        Assert.Equal(("end of the call", false), (Assert.Single(story.Waits).Outcome, story.Waits[0].Granted));
        Assert.All(story.Legs, leg => Assert.NotNull(leg.EndedUs));
        Assert.NotNull(Assert.Single(story.Conditions).UntilUs);
    }

    [Fact]
    public void Who_waits_and_is_denied_something_else_meanwhile_waits_on()
    {
        // A phone without floor channel that pre-empts, and speaks before it has the floor.
        var story = new Stage(["alice", "bob", "phone"], document => document.Members[2].UserPriority = 9).IsPlainPhone("phone").Affiliate("alice", "bob", "phone").Call("alice").Wait(1)
            .Press("alice").Wait(0.1).Speak("alice").Wait(1).Press("phone").Wait(0.2).Speak("phone").Wait(0.5).Release("alice").Wait(1).Story();

        Assert.Equal(StoryAsked.Floor, Assert.Single(story.Refusals).Asked);
        var wait = Assert.Single(story.Waits);
        Assert.Equal(("got the floor", true, Burst(story, 2).GrantedUs), (wait.Outcome, wait.Granted, wait.UntilUs));
    }

    [Fact]
    public void Refusals_that_were_only_counted_are_told_as_so_many()
    {
        var stage = new Stage(["alice", "bob"]).Affiliate("alice", "bob").Call("alice").Wait(1).Press("alice").Wait(0.1).Speak("alice");
        for (var attempt = 0; attempt < 9; attempt++)
        {
            stage.Call("mallory").Wait(0.5);
        }

        // T1 is the media node's: the burst stands until T2, and the count comes with the minute's end.
        var story = stage.Wait(10).Story();
        Assert.Equal(5, story.Refusals.Count(refusal => refusal.User == User("mallory")));
        story = stage.Release("alice").Wait(15).Press("bob").Wait(0.1).Speak("bob").Wait(15).Release("bob").Wait(15).Press("alice").Wait(10).Story();
        Assert.Contains(story.Refusals, refusal => refusal is { User: "", Count: 4 });
    }

    [Fact]
    public void A_history_that_does_not_fit_together_is_told_as_far_as_it_does_and_the_fault_is_named()
    {
        var stage = new Stage(["alice", "bob"]).Affiliate("alice", "bob").Call("alice").Wait(1).Press("alice").Wait(0.2).Speak("alice").Wait(1).Release("alice").Wait(1);
        var builder = new CallStoryBuilder(stage.CallId);
        foreach (var (persistenceId, number, envelope) in stage.Journal.Where(stored => stored.Envelope.Event.Floor?.Granted is null))
        {
            builder.Take(persistenceId, number, envelope);
        }

        var story = builder.Build();
        Assert.Contains("cannot have seen", story.Fault, StringComparison.Ordinal);
        Assert.Equal(2, story.Legs.Length);
        Assert.NotEmpty(story.Moments);
    }

    [Fact]
    public void Every_event_is_told_with_its_place_in_the_journal_and_housekeeping_is_left_out_where_a_person_reads()
    {
        Assert.All(Twelve.Moments, moment => Assert.True(moment.SequenceNumber > 0 && moment.What.Sentence.Length > 0));
        Assert.Equal(Twelve.Moments.Select(moment => moment.TimeUs).Order(), Twelve.Moments.Select(moment => moment.TimeUs));
        var steps = StoryTables.Of(Twelve).Last().Rows.Length;
        Assert.True(steps < StoryTables.Of(Twelve, withDetails: true).Last().Rows.Length);
        Assert.Equal(Twelve.Moments.Length, StoryTables.Of(Twelve, withDetails: true).Last().Rows.Length);
    }

    [Fact]
    public void Every_row_of_a_table_has_as_many_cells_as_the_table_has_columns()
    {
        foreach (var part in StoryTables.Of(Small).Concat(InstantTables.Of(Small, StoryInstant.Of(Small, new StorySpan(Stage.StartUs, Small.UntilUs)))))
        {
            Assert.All(part.Rows, row => Assert.Equal(part.Columns.Length, row.Length));
        }
    }

    [Fact]
    public void Names_cannot_become_markdown()
    {
        var table = new StoryTable("Who", ["USER"], [["sip:a|b@x\n# <b>*bold*</b> [x](http://evil)"]]);

        Assert.Equal("## Who\n\n| USER |\n| --- |\n| sip:a\\|b@x\ufffd\\# \\<b\\>\\*bold\\*\\</b\\> \\[x\\](http://evil) |\n", StoryMarkdown.Of([table]));
    }
}
