using Mcptt.Protocol.Sip;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Events;

namespace Mcptt.Scenarios;

/// <summary>How a group call begins, grows, shrinks and ends.</summary>
public sealed class GroupCallTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(600);

    [Fact]
    [Clause("TS24.379 10.1.1")]
    public async Task Every_member_is_invited_hears_the_talker_byte_for_byte_and_the_last_one_is_released()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol", "dave");
        await phones[0].TalkAsync(Burst);
        await scene.HeardAllAsync(phones[0], phones[1], phones[2], phones[3]);
        await phones[1].TalkAsync(Burst);
        await scene.HeardAllAsync(phones[1], phones[0], phones[2], phones[3]);

        foreach (var phone in phones.SkipLast(1))
        {
            await phone.HangUpAsync();
        }

        await phones[3].ExpectAsync("ended", ("cause", "BYE received"));
        await Hearing.UntilAsync(async () => (await scene.GroupViewAsync()).Call.Length == 0);
        Assert.Equal("", (await scene.GroupViewAsync()).Call);
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.6")]
    public async Task A_client_that_affiliates_late_is_invited_told_who_talks_and_hears_the_rest()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        var late = await scene.PhoneAsync("carol");
        await late.ExpectAsync("offered", ("group", Scene.Group));
        await late.ExpectAsync("taken", ("by", phones[0].User));
        await Task.Delay(Burst);
        phones[0].Release();
        await late.ExpectAsync("idle");
        Assert.InRange(scene.FramesHeard(phones[0], late), 10, scene.Ledger.SentFrames[phones[0].User] - 1);
        await scene.HeardAllAsync(phones[0], phones[1]);
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.2")]
    public async Task A_member_that_left_comes_back_by_calling_the_group_and_is_told_so()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        await phones[1].HangUpAsync();
        await phones[1].CallAsync(Scene.Group);
        await phones[1].ExpectAllAsync("established", "idle");
        var again = phones[1].Ue.Events.Since(0).OfType<CallEstablished>().Last();
        Assert.Contains("123", again.Warning);
        await phones[2].TalkAsync(Burst);
        await scene.HeardAllAsync(phones[2], phones[0], phones[1]);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.5")]
    public async Task A_call_in_which_nobody_talks_ends_by_its_hang_timer()
    {
        await using var scene = await Scene.OpenAsync(group => group.HangTimerMs = 1_000);
        var phones = await scene.InCallAsync("alice", "bob");
        await phones[0].ExpectAsync("ended", ("cause", "BYE received"));
        await phones[1].ExpectAsync("ended", ("cause", "BYE received"));
    }

    [Fact]
    [Clause("RFC3261 9")]
    public async Task A_caller_that_gives_up_before_the_required_member_answered_is_the_end_of_the_call()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            group.AcknowledgementTimeoutMs = 20_000;
            group.Members.Single(member => member.McpttId.Contains("bob")).Required = true;
        });
        var bob = await scene.PhoneAsync("bob", options => options with { ManualAnswer = true });
        var alice = await scene.PhoneAsync("alice");
        var calling = alice.Ue.CallAsync(Scene.Group, false, CancellationToken.None);
        await bob.ExpectAsync("offered");
        await alice.ExpectAsync("progress");
        Assert.Null(await alice.Ue.CancelCallAsync(CancellationToken.None));
        Assert.Equal("call-failed: 487 Request Terminated", await calling);
        await bob.ExpectAsync("ended", ("cause", "cancelled"));
    }

    [Fact]
    [Clause("TS24.379 6.3.3.5")]
    public async Task The_caller_is_answered_when_the_required_member_has_answered()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            group.AcknowledgementTimeoutMs = 20_000;
            group.Members.Single(member => member.McpttId.Contains("bob")).Required = true;
        });
        var bob = await scene.PhoneAsync("bob", options => options with { ManualAnswer = true });
        var alice = await scene.PhoneAsync("alice");
        var calling = alice.Ue.CallAsync(Scene.Group, false, CancellationToken.None);
        await bob.ExpectAsync("offered");
        await alice.ExpectAsync("progress");
        Assert.False(calling.IsCompleted);
        Assert.Null(await bob.Ue.AnswerAsync(CancellationToken.None));
        Assert.Null(await calling);
        await bob.ExpectAsync("established");
    }

    [Theory]
    [InlineData("sip:nobody@example.org", "call-failed: 404", "113")]
    [InlineData(Scene.Group, "call-failed: 403", "116")]
    [Clause("TS24.379 4.4")]
    public async Task A_call_that_may_not_be_made_says_why(string group, string status, string warning)
    {
        await using var scene = await Scene.OpenAsync(document => document.Members.Remove(document.Members.Single(member => member.McpttId.Contains("dave"))));
        var dave = await scene.PhoneAsync("dave", affiliate: false);
        var failure = await dave.Ue.CallAsync(group, false, CancellationToken.None);
        Assert.StartsWith(status, failure);
        Assert.Contains(warning, failure);
    }

    [Fact]
    [Clause("RFC7616 3")]
    public async Task A_wrong_password_registers_nobody()
    {
        await using var scene = await Scene.OpenAsync();
        var phone = scene.Add("alice", options => options with { Password = "wrong" });
        await phone.StartAsync();
        Assert.StartsWith("register-failed: 40", await phone.Ue.RegisterAsync(null, CancellationToken.None));
        Assert.False(phone.Ue.IsRegistered);
    }

    [Fact]
    [Clause("RFC3261 18")]
    public async Task Phones_over_TCP_and_UDP_are_in_one_call()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob", options => options with { Transport = SipTransport.Tcp });
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("idle");
        await alice.TalkAsync(Burst);
        await scene.HeardAllAsync(alice, bob);
        await bob.HangUpAsync();
        await alice.ExpectAsync("ended");
    }
}
