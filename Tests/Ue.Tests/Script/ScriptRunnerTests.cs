using Mcptt.Testing;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Script;

namespace Mcptt.Ue.Tests.Script;

public sealed class ScriptRunnerTests
{
    private readonly FakeClock _clock = new();
    private readonly FakeUe _ue;
    private readonly List<string> _printed = [];

    public ScriptRunnerTests() => _ue = new FakeUe(_clock);

    [Fact]
    public async Task Commands_run_in_order()
    {
        Assert.Null(await RunAsync(
            "register 60s", "affiliate sip:g@x", "call sip:g@x floor", "emergency on floor", "imminent-peril off", "press priority 3", "release", "hangup", "print done"));
        Assert.Equal(
            ["register 60", "affiliate sip:g@x", "call sip:g@x True", "declare True  True", "declare  False False", "press 3", "release", "hangup"], _ue.Orders);
        Assert.Equal(["done"], _printed);
    }

    [Fact]
    public async Task The_first_failure_ends_the_script_and_names_its_line()
    {
        _ue.Failure = "register-failed: 403 Forbidden";
        Assert.Equal("line 2: register-failed: 403 Forbidden", await RunAsync("print first", "register", "hangup"));
        Assert.Equal(["register "], _ue.Orders);
    }

    [Fact]
    public async Task What_is_tried_may_fail()
    {
        _ue.Failure = "403";
        Assert.Null(await RunAsync("try register", "try hangup"));
        Assert.Equal(2, _ue.Orders.Count);
    }

    [Fact]
    public async Task An_expectation_finds_what_happened_before_it_was_stated_but_only_once()
    {
        _ue.OnPress = () => _ue.Events.Append(new FloorChanged(_clock.GetUtcNow(), new FloorNotice.Granted(null)));
        Assert.Null(await RunAsync("press", "expect granted within 1s"));
        var failure = await RunWithClockAsync("press", "expect granted", "expect granted within 1s");
        Assert.Equal("line 3: expected granted within 1s; happened: ", failure);
    }

    [Fact]
    public async Task An_expectation_that_fails_tells_what_happened_instead()
    {
        _ue.OnPress = () => _ue.Events.Append(new FloorChanged(_clock.GetUtcNow(), new FloorNotice.Denied(1, null)));
        Assert.Equal("line 2: expected denied cause 7 within 1s; happened: denied", await RunWithClockAsync("press", "expect denied cause 7 within 1s"));
    }

    [Fact]
    public async Task What_must_not_happen_fails_the_script_when_it_does()
    {
        _ue.OnPress = () => _ue.Events.Append(new FloorChanged(_clock.GetUtcNow(), new FloorNotice.Denied(1, null)));
        Assert.StartsWith("line 2: expected no denied for 1s; happened: ", await RunWithClockAsync("press", "expect no denied for 1s"));
        Assert.Null(await RunWithClockAsync("expect no denied for 1s"));
    }

    [Fact]
    public async Task Who_keeps_pressing_presses_again_when_denied_until_granted()
    {
        var presses = 0;
        _ue.OnPress = () => _ue.Events.Append(new FloorChanged(_clock.GetUtcNow(), ++presses < 3 ? new FloorNotice.Denied(3, null) : new FloorNotice.Granted(null)));
        Assert.Null(await RunWithClockAsync("keep-pressing"));
        Assert.Equal(3, presses);
        presses = int.MinValue;
        Assert.Equal("line 1: not granted within 2s", await RunWithClockAsync("keep-pressing within 2s"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_played_fails_the_script() =>
        Assert.Contains("no-such.wav", await RunAsync("play no-such.wav"));

    private Task<string?> RunAsync(params string[] lines)
    {
        Assert.True(ScriptParser.TryParse(lines, out var script, out var fault), fault);
        return new ScriptRunner(_ue, _clock, _printed.Add).RunAsync(script, CancellationToken.None);
    }

    private async Task<string?> RunWithClockAsync(params string[] lines)
    {
        var running = RunAsync(lines);
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1);
        }

        return await running;
    }

    private sealed class FakeUe(TimeProvider time) : IScriptedUe
    {
        public UeEventLog Events { get; } = new(time);

        public List<string> Orders { get; } = [];

        public string? Failure { get; set; }

        public Action OnPress { get; set; } = () => { };

        public Task<string?> RegisterAsync(TimeSpan? expires, CancellationToken cancellationToken) => Do($"register {expires?.TotalSeconds}");

        public Task<string?> UnregisterAsync(CancellationToken cancellationToken) => Do("unregister");

        public Task<string?> PublishSettingsAsync(bool manualAnswer, CancellationToken cancellationToken) => Do($"settings {manualAnswer}");

        public Task<string?> SubscribeAffiliationAsync(CancellationToken cancellationToken) => Do("subscribe");

        public Task<string?> AffiliateAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken) => Do($"affiliate {string.Join(' ', groups)}");

        public Task<string?> CallAsync(string group, bool implicitFloorRequest, CallDeclaration declaration, CancellationToken cancellationToken) =>
            Do($"call {group} {implicitFloorRequest}");

        public Task<string?> DeclareAsync(CallDeclaration declaration, bool implicitFloorRequest, CancellationToken cancellationToken) =>
            Do($"declare {declaration.Emergency} {declaration.ImminentPeril} {implicitFloorRequest}");

        public Task<string?> CancelCallAsync(CancellationToken cancellationToken) => Do("cancel");

        public Task<string?> AnswerAsync(CancellationToken cancellationToken) => Do("answer");

        public Task<string?> RejectAsync(int status, CancellationToken cancellationToken) => Do($"reject {status}");

        public Task<string?> HangUpAsync(CancellationToken cancellationToken) => Do("hangup");

        public Task<string?> HoldAsync(bool held, CancellationToken cancellationToken) => Do($"hold {held}");

        public Task<string?> RenegotiateAsync(FloorOffer offer, CancellationToken cancellationToken) => Do($"renegotiate {offer.Priority}");

        public string? Press(FloorWish wish)
        {
            Orders.Add($"press {wish.Priority}");
            OnPress();
            return Failure;
        }

        public string? Release()
        {
            Orders.Add("release");
            return Failure;
        }

        public string? AskQueuePosition() => Failure;

        public void Say(Func<G711Law, IAudioSource> source) => Orders.Add("say");

        public string? Record(string path) => Failure;

        public Task<string?> TalkWithoutPermissionAsync(TimeSpan duration, CancellationToken cancellationToken) => Do($"talk {duration}");

        public string? Flood(int requests) => Failure;

        private Task<string?> Do(string order)
        {
            Orders.Add(order);
            return Task.FromResult(Failure);
        }
    }
}
