using Mcptt.Domain.Audit.Stories;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>Random calls: what holds for every story and every picture of one.</summary>
public sealed class CallStoryLawTests
{
    private const int Calls = 40;
    private const int Steps = 45;

    // What somebody may call himself who wants to be markup, a script, or somebody else.
    private static readonly string[] Names =
    [
        "<script>alert(1)</script>", "\"><svg onload=x>", "]]>", "&amp;&#x41;", "javascript:x", "\u202Eevil\u202C", "\u0000\u0001\ufffe", "日本語の名前", "'--><!--", "url(http://evil.example)", "",
    ];

    [Fact]
    public void Random_calls_have_sound_stories_and_sound_pictures()
    {
        var seed = Seed.Take();
        for (var call = 0; call < Calls; call++)
        {
            var note = $"seed {seed}, call {call}";
            var random = new Random((seed + (call * 7919)) & int.MaxValue);
            var stage = Play(random);
            var names = Enumerable.Range(0, random.Next(5)).ToDictionary(index => Uri($"n{index}"), _ => Names[random.Next(Names.Length)]);
            var story = stage.Story(names);
            AssertStory(story, stage, note);
            TimelineAssert.Sound(story, note);
        }
    }

    private static Stage Play(Random random)
    {
        var names = Enumerable.Range(0, random.Next(2, 8)).Select(index => $"n{index}").ToArray();
        var mode = random.Next(4);
        var stage = new Stage(names.Select(Uri), document =>
        {
            document.QueueDepth = (uint)random.Next(4);
            document.DualFloor = mode == 1;
            document.AudioCutIn = mode == 2;
            document.MaxTalkers = mode == 3 ? 2u : 0;
            foreach (var member in document.Members)
            {
                (member.UserPriority, member.ReceiveOnly, member.MultiTalkerAllowed) = ((uint)random.Next(4), random.Next(6) == 0, mode == 3);
            }
        });
        stage.IsPlainPhone([.. names.Where(_ => random.Next(4) == 0).Select(Uri)]).Affiliate([.. names.Where(name => name == names[0] || random.Next(4) > 0).Select(Uri)]).Call(Uri(names[0]));
        for (var step = 0; step < Steps; step++)
        {
            Step(stage, random, names);
        }

        return random.Next(3) == 0 ? stage : stage.Wait(400);
    }

    private static string Uri(string name) => $"sip:{name}@example.org";

    private static void Step(Stage stage, Random random, string[] names)
    {
        stage.Wait(random.Next(12) == 0 ? random.Next(5, 90) : random.NextDouble() * 2);
        var name = Uri(names[random.Next(names.Length)]);
        _ = random.Next(16) switch
        {
            0 or 1 or 2 => stage.Press(name, (uint)random.Next(9), random.Next(5) == 0 ? 0x1000u : 0),
            3 or 4 or 5 => stage.Speak(name),
            6 or 7 or 8 => stage.Release(name),
            9 => stage.Silence(name),
            10 => stage.Emergency(random.Next(2) == 0),
            11 => stage.WantsVoice(name, random.Next(2) == 0),
            12 => stage.Hold(name, random.Next(2) == 0),
            13 when random.Next(3) == 0 => stage.HangUp(name),
            14 => stage.Call(random.Next(3) == 0 ? Uri("mallory") : name),
            _ => stage.Affiliate(name),
        };
    }

    private static void AssertStory(CallStory story, Stage stage, string note)
    {
        Assert.True(story.Fault.Length == 0, $"{story.Fault}, {note}");
        var rules = story.Rules!; // A call that began has them.
        if (!rules.DualFloor && rules.MaxTalkers <= 1)
        {
            var ordered = story.Bursts.OrderBy(burst => burst.GrantedUs).ToList();
            Assert.True(ordered.Zip(ordered.Skip(1)).All(pair => pair.First.EndedUs <= pair.Second.GrantedUs), $"two had the floor at once, {note}");
        }

        foreach (var burst in story.Bursts)
        {
            var talker = story.LegOf(burst.Leg)!; // The floor has no leg that the call has not.
            Assert.True(talker.JoinedUs <= burst.GrantedUs && (talker.EndedUs is null || burst.EndedUs <= talker.EndedUs), $"burst {burst.Number} of who was not in the call, {note}");
            foreach (var hearing in story.HearersOf(burst))
            {
                Assert.True(hearing.Leg != burst.Leg && hearing.Spans.All(span => span.LengthUs > 0 && story.LegOf(hearing.Leg)!.HearsAt(span.FromUs)), $"burst {burst.Number} was heard by who could not, {note}");
            }
        }

        Assert.Equal(stage.Journal.Count(stored => stored.Envelope.Event.Floor?.Granted is not null && stored.PersistenceId.EndsWith(story.Call, StringComparison.Ordinal)), story.Bursts.Length);
        foreach (var at in story.Moments.Select(moment => moment.TimeUs).Distinct())
        {
            AssertInstant(story, at, note);
        }
    }

    private static void AssertInstant(CallStory story, long at, string note)
    {
        var instant = StoryInstant.Of(story, new StorySpan(at, at + 1));
        var places = instant.Waiting.Select(wait => wait.PositionAt(at)).Where(place => place > 0).ToList();
        Assert.True(places.SequenceEqual(Enumerable.Range(1, places.Count)), $"places {string.Join(' ', places)} at {at}, {note}");
        Assert.True(instant.Talkers.All(talk => talk.Hearers.Concat(talk.Deaf).Select(leg => leg.Leg).Append(talk.Burst.Leg).Order().SequenceEqual(instant.InCall.Select(leg => leg.Leg).Order())), $"who hears and who does not are not all at {at}, {note}");
    }
}
