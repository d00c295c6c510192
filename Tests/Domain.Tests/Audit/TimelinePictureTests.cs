using System.Xml.Linq;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Audit.Timelines;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>The picture of a call, of three sizes. MCPTT_WRITE_CORPUS=1 writes the picture that is kept: look at it before it is committed.</summary>
public sealed class TimelinePictureTests
{
    private static readonly XNamespace Svg = TimelineAssert.Svg;

    [Fact]
    public void The_picture_of_a_known_call_is_the_one_that_somebody_looked_at()
    {
        var path = Path.Combine(Corpus.Folder("timeline"), "small.svg");
        var drawn = TimelinePicture.Svg(StageScenes.Small().Story());
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_CORPUS") == "1")
        {
            File.WriteAllText(path, drawn);
        }

        Assert.Equal(File.ReadAllText(path), drawn);
    }

    [Fact]
    public void Calls_of_every_size_are_drawn_soundly()
    {
        TimelineAssert.Sound(StageScenes.Small().Story(), "small");
        TimelineAssert.Sound(StageScenes.TwelveMembers().Story(), "twelve members");
        TimelineAssert.Sound(StageScenes.Long(100, 60, 7).Story(), "a hundred members, an hour");
    }

    [Fact]
    public void A_call_in_which_nothing_happened_is_drawn_too()
    {
        TimelineAssert.Sound(new Stage(["alice"]).Affiliate("alice").Call("alice").Story(), "one event");
        TimelineAssert.Sound(new CallStory { Call = "c" }, "no event");
    }

    [Fact]
    public void Long_silences_are_breaks_and_say_how_long_they_are()
    {
        var layout = TimelineLayout.Of(StageScenes.Long(20, 90, 3).Story());
        var breaks = layout.Scale.Segments.Where(segment => segment.IsBreak).ToList();

        Assert.NotEmpty(breaks);
        Assert.All(breaks, segment => Assert.Equal(TimeScale.BreakWidth, segment.Width));
        Assert.All(breaks, segment => Assert.DoesNotContain(layout.Story.Bursts, burst => segment.Span.And(new StorySpan(burst.GrantedUs, burst.EndedUs ?? layout.Story.UntilUs)) is not null));
    }

    [Fact]
    public void Bars_are_never_too_narrow_to_be_seen()
    {
        var layout = TimelineLayout.Of(StageScenes.Long(100, 120, 5).Story());
        Assert.All(layout.Bars, bar => Assert.True(bar.Width >= 3));
        Assert.Contains(layout.Bars, bar => bar.TrueWidth < bar.Width);
    }

    [Fact]
    public void A_user_with_several_legs_has_one_lane_and_who_was_refused_has_one_too()
    {
        var story = new Stage(["alice", "bob", "carol"]).Affiliate("alice", "bob", "carol").Call("alice").Wait(1).HangUp("bob").Wait(1).Call("bob").Wait(1).Call("mallory").Wait(1).Story();
        var layout = TimelineLayout.Of(story);

        Assert.Equal(["alice", "bob", "carol", "mallory"], layout.Lanes.Select(lane => lane.User.Split(':', '@')[1]));
        Assert.Equal(2, layout.Lanes[1].Legs.Length);
        Assert.Contains(layout.Marks, mark => mark is { Kind: TimelineMarkKind.Refused, Lane: 3 });
        Assert.Contains(layout.Marks, mark => mark is { Kind: TimelineMarkKind.LateEntry, Lane: 1 });
    }

    [Fact]
    public void Marks_that_cannot_be_told_apart_are_one_with_all_their_words()
    {
        var stage = new Stage(["alice", "bob"], document => document.QueueDepth = 0).Affiliate("alice", "bob").Call("alice").Wait(1).Press("alice").Wait(0.1).Speak("alice");
        for (var i = 0; i < 9; i++)
        {
            stage.Press("bob").Wait(0.0005);
        }

        var mark = Assert.Single(TimelineLayout.Of(stage.Wait(20).Story()).Marks, mark => mark.Kind == TimelineMarkKind.Denied);
        Assert.Equal(9, mark.Count);
        Assert.Contains("and 3 more", mark.Title, StringComparison.Ordinal);
        Assert.Contains("Floor Deny cause 1", mark.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_and_marks_say_on_hovering_what_they_are_with_the_clause()
    {
        var picture = XDocument.Parse(TimelinePicture.Svg(StageScenes.TwelveMembers().Story()));
        var titles = picture.Descendants(Svg + "g").Elements(Svg + "title").Select(title => title.Value).ToList();

        Assert.Contains(titles, title => title.StartsWith("burst 2: sip:bob@example.org, priority 5;", StringComparison.Ordinal) && title.Contains("TS 24.380 6.3.4.4.2", StringComparison.Ordinal));
        Assert.Contains(titles, title => title.Contains("was told to stop for sip:dave@example.org: pre-empted, Floor Revoke cause 4 (TS 24.380 6.3.4.4.7)", StringComparison.Ordinal));
        Assert.Contains(titles, title => title.Contains("Warning 116", StringComparison.Ordinal));
        Assert.DoesNotContain(picture.Descendants(Svg + "rect").Where(rect => rect.Attribute("data-w") is not null && rect.Parent!.Name == Svg + "g"), rect =>
            rect.Attribute("class")!.Value is not ("even r" or "frame r") && rect.Parent!.Element(Svg + "title") is null);
    }

    [Fact]
    public void Names_are_shown_and_never_obeyed()
    {
        const string evil = "sip:<script>alert(1)</script>\"'&]]>\u202e@example.org";
        var stage = new Stage(["alice", "bob"]).Affiliate("alice", "bob").Call("alice").Wait(1).Talk("alice", 2).Wait(1);
        var story = stage.Story(new Dictionary<string, string> { [Stage.User("alice")] = evil });
        TimelineAssert.Sound(story, "evil");

        var page = TimelinePage.Html(story);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;\"'&amp;]]&gt;\ufffd@example.org", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_lets_only_its_own_script_run()
    {
        var page = XDocument.Parse(TimelinePage.Html(StageScenes.Small().Story()));
        var script = page.Descendants().Single(element => element.Name.LocalName == "script").Value;
        var policy = page.Descendants().Single(element => element.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sip:alice@example.org", 200, "sip:alice@example.org")]
    [InlineData("sip:a-name-that-is-very-long-indeed@example.org", 80, "sip:a-nam…")]
    [InlineData("日本語の名前はここで終わらない", 60, "日本語の…")]
    public void Text_is_cut_where_it_has_no_room(string text, double room, string cut) => Assert.Equal(cut, TextMeasure.Fit(text, 12, room));
}
