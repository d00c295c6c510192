using Mcptt.Protocol.Floor;
using Mcptt.Testing;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Script;

namespace Mcptt.Ue.Tests.Script;

public sealed class ScriptParserTests
{
    public static TheoryData<string, ScriptCommand> Lines => new()
    {
        { "register", new ScriptCommand.Register(null) },
        { "  register 600s", new ScriptCommand.Register(TimeSpan.FromMinutes(10)) },
        { "unregister", new ScriptCommand.Unregister() },
        { "settings manual", new ScriptCommand.Settings(true) },
        { "subscribe", new ScriptCommand.Subscribe() },
        { "call sip:g@example.org", new ScriptCommand.Call("sip:g@example.org", false, CallDeclaration.None) },
        { "call sip:g@example.org floor", new ScriptCommand.Call("sip:g@example.org", true, CallDeclaration.None) },
        { "call sip:g@example.org floor emergency", new ScriptCommand.Call("sip:g@example.org", true, new CallDeclaration(Emergency: true)) },
        { "call sip:g@example.org imminent-peril", new ScriptCommand.Call("sip:g@example.org", false, new CallDeclaration(ImminentPeril: true)) },
        { "emergency on floor", new ScriptCommand.Declare(new CallDeclaration(Emergency: true), true) },
        { "imminent-peril off", new ScriptCommand.Declare(new CallDeclaration(ImminentPeril: false), false) },
        { "cancel", new ScriptCommand.Cancel() },
        { "answer", new ScriptCommand.Answer() },
        { "reject", new ScriptCommand.Reject(480) },
        { "reject 486", new ScriptCommand.Reject(486) },
        { "hangup", new ScriptCommand.HangUp() },
        { "press", new ScriptCommand.Press(default) },
        { "press priority 9 emergency", new ScriptCommand.Press(new FloorWish(9, (ushort)FloorIndicator.EmergencyCall)) },
        { "keep-pressing", new ScriptCommand.KeepPressing(default, TimeSpan.FromSeconds(5)) },
        { "keep-pressing within 2s", new ScriptCommand.KeepPressing(default, TimeSpan.FromSeconds(2)) },
        { "release", new ScriptCommand.Release() },
        { "queue-position", new ScriptCommand.AskQueuePosition() },
        { "play my file.wav", new ScriptCommand.Play("my file.wav") },
        { "record out.wav", new ScriptCommand.Record("out.wav") },
        { "tone 440.5", new ScriptCommand.Tone(440.5) },
        { "talk 1.5s", new ScriptCommand.Talk(TimeSpan.FromSeconds(1.5)) },
        { "flood 100", new ScriptCommand.Flood(100) },
        { "hold", new ScriptCommand.Hold() },
        { "resume", new ScriptCommand.Resume() },
        { "renegotiate", new ScriptCommand.Renegotiate(new FloorOffer(false, null, false)) },
        { "renegotiate queueing priority 7 floor", new ScriptCommand.Renegotiate(new FloorOffer(true, 7, true)) },
        { "wait 2s", new ScriptCommand.Wait(TimeSpan.FromSeconds(2)) },
        { "wait 250ms", new ScriptCommand.Wait(TimeSpan.FromMilliseconds(250)) },
        { "wait 1m", new ScriptCommand.Wait(TimeSpan.FromMinutes(1)) },
        { "print hello there", new ScriptCommand.Print("hello there") },
        { "try hangup", new ScriptCommand.HangUp { MayFail = true } },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_is_read_as_its_command(string line, ScriptCommand expected)
    {
        Assert.True(ScriptParser.TryParseLine(line, 3, out var command, out var fault), fault);
        Assert.Equal(expected with { Line = 3 }, command);
    }

    [Fact]
    public void An_expectation_has_conditions_and_a_time()
    {
        Assert.True(ScriptParser.TryParseLine("expect taken by sip:bob@example.org within 1s", 1, out var command, out _));
        var expect = Assert.IsType<ScriptCommand.Expect>(command);
        Assert.Equal(("taken", TimeSpan.FromSeconds(1)), (expect.Word, expect.Within));
        Assert.Equal([new("by", "sip:bob@example.org")], expect.Conditions);
        Assert.True(ScriptParser.TryParseLine("expect no revoked for 2s", 1, out var none, out _));
        Assert.Equal(("revoked", TimeSpan.FromSeconds(2)), (Assert.IsType<ScriptCommand.ExpectNo>(none).Word, ((ScriptCommand.ExpectNo)none).During));
    }

    [Theory]
    [InlineData("dance", "unknown command \"dance\"")]
    [InlineData("wait", "is no duration")]
    [InlineData("wait 2", "\"2\" is no duration")]
    [InlineData("wait -2s", "is no duration")]
    [InlineData("call brigade", "call wants a group")]
    [InlineData("affiliate sip:g@x nonsense", "\"nonsense\" is no group")]
    [InlineData("press hard", "not \"hard\"")]
    [InlineData("keep-pressing within now", "within wants")]
    [InlineData("press priority 256", "from 0 to 255")]
    [InlineData("emergency maybe", "on or off is wanted")]
    [InlineData("reject 200", "from 300 to 699")]
    [InlineData("tone 20", "Hz")]
    [InlineData("flood 0", "from 1")]
    [InlineData("settings maybe", "auto or manual")]
    [InlineData("expect", "name of an event")]
    [InlineData("expect granted within", "\"within\" wants a value")]
    [InlineData("hangup now", "\"now\" is too much")]
    [InlineData("play", "file name")]
    [InlineData("try", "unknown command")]
    public void A_fault_names_the_line_and_what_is_wrong(string line, string part)
    {
        Assert.False(ScriptParser.TryParse(["# first", line], out _, out var fault));
        Assert.StartsWith("line 2: ", fault);
        Assert.Contains(part, fault);
    }

    [Fact]
    public void Empty_lines_and_comments_are_passed_over()
    {
        Assert.True(ScriptParser.TryParse(["", "  # a comment", "register"], out var script, out _));
        Assert.Equal([new ScriptCommand.Register(null) { Line = 3 }], script);
    }

    [Fact]
    public void Whatever_the_line_it_is_a_command_or_a_fault()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        string[] words = ["expect", "no", "within", "for", "press", "priority", "try", "call", "sip:g@x", "1s", "999999999999999999999s", ".s", "#", "\t", "é", "wait", "talk"];
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)]));
            var read = ScriptParser.TryParseLine(line, 1, out var command, out var fault);
            Assert.True(read == (fault is null) && (read || command is null), $"\"{line}\" (seed {seed})");
        }
    }
}
