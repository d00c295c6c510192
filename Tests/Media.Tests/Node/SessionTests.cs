using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sessions;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Node;

public sealed class SessionTests
{
    [Fact]
    public async Task Opened_session_is_told_to_its_call_with_node_address_and_ports()
    {
        await using var media = await MediaHarness.StartAsync();

        var command = media.Sink.Commands[0];
        Assert.Equal(new ActorAddress { Kind = ActorKindName.Call, Id = MediaHarness.Session }, command.To);
        Assert.Equal(("m1", "127.0.0.1"), (media.Opened.MediaNode, media.Opened.Address));
        Assert.Equal(0u, media.Opened.RtpPort & 1);
        Assert.NotEqual(0u, media.Opened.FloorPort);
        Assert.Equal(1, media.Node.OpenSessions);
    }

    [Fact]
    public async Task Opening_what_is_open_has_the_same_outcome_again()
    {
        await using var media = await MediaHarness.StartAsync();
        await media.ApplyAsync(new MediaEffect { Open = new OpenMediaSession() });

        var outcomes = await media.Sink.WaitForAsync(2, command => command.Call?.MediaOpened is not null);
        Assert.Equal(outcomes[0].Call.MediaOpened, outcomes[1].Call.MediaOpened);
        Assert.NotEqual(outcomes[0].CommandId, outcomes[1].CommandId);
        Assert.Equal(1, media.Node.OpenSessions);
    }

    [Fact]
    public async Task Session_comes_back_on_its_ports_after_the_node_was_restarted()
    {
        var before = await MediaHarness.StartAsync();
        await before.Node.StopAsync(CancellationToken.None);
        await using var after = await MediaHarness.StartAsync(open: false);
        await after.OpenAsync(before.Opened.RtpPort, before.Opened.FloorPort);

        Assert.Equal(before.Opened, after.Opened);
        await before.DisposeAsync();
    }

    [Fact]
    public async Task Port_that_another_has_fails_the_session_and_names_the_port()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (uint)((IPEndPoint)other.LocalEndPoint!).Port;
        await using var media = await MediaHarness.StartAsync(open: false);
        await media.ApplyAsync(new MediaEffect { Open = new OpenMediaSession { RtpPort = port, FloorPort = 0 } });

        var failed = await media.Sink.WaitForAsync(command => command.Call?.MediaFailed is not null);
        Assert.Contains($"{port}", failed.Call.MediaFailed.Detail, StringComparison.Ordinal);
        Assert.Equal(0, media.Node.OpenSessions);
    }

    [Fact]
    public async Task Node_that_is_full_refuses_a_session()
    {
        await using var media = await MediaHarness.StartAsync(MediaHarness.Options with { MaxSessions = 1 });
        await media.Node.ApplyAsync(new MediaEffect { Session = "other", Open = new OpenMediaSession() }, CancellationToken.None);

        var failed = await media.Sink.WaitForAsync(command => command.Call?.MediaFailed is not null);
        Assert.Equal(("other", "m1"), (failed.To.Id, failed.Call.MediaFailed.MediaNode));
    }

    [Fact]
    public async Task Closed_session_gives_its_ports_back_and_late_effects_for_it_are_void()
    {
        await using var media = await MediaHarness.StartAsync();
        await media.ApplyAsync(new MediaEffect { Close = new CloseMediaSession() });
        Assert.Equal(0, media.Node.OpenSessions);
        await media.TalkAsync();
        await media.ApplyAsync(new MediaEffect { Close = new CloseMediaSession() });

        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, (int)media.Opened.RtpPort));
    }

    [Fact]
    public async Task Effect_for_a_session_that_may_still_come_is_asked_for_again_until_patience_ends()
    {
        await using var media = await MediaHarness.StartAsync(open: false);
        var early = new MediaEffect { Session = MediaHarness.Session, SetTalkers = new SetTalkers { Epoch = 1 } };

        Assert.False(await media.Node.ApplyAsync(early, CancellationToken.None));
        await media.OpenAsync();
        Assert.True(await media.Node.ApplyAsync(early, CancellationToken.None));
        var lost = new MediaEffect { Session = "lost", SetTalkers = new SetTalkers { Epoch = 1 } };
        Assert.False(await media.Node.ApplyAsync(lost, CancellationToken.None));
        media.Clock.Advance(AbsentSessions.Patience);
        Assert.True(await media.Node.ApplyAsync(lost, CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_that_comes_after_patience_says_that_orders_for_it_were_lost(bool tooLate)
    {
        await using var media = await MediaHarness.StartAsync(open: false);
        var early = new MediaEffect { Session = MediaHarness.Session, SetTalkers = new SetTalkers { Epoch = 1 } };
        Assert.False(await media.Node.ApplyAsync(early, CancellationToken.None));
        if (tooLate)
        {
            media.Clock.Advance(AbsentSessions.Patience);
            Assert.True(await media.Node.ApplyAsync(early, CancellationToken.None));
        }

        await media.OpenAsync();
        Assert.Equal(tooLate, media.Opened.Missed);
    }

    [Fact]
    public async Task Effect_for_another_node_and_any_effect_for_a_stopped_one_is_not_taken()
    {
        var media = await MediaHarness.StartAsync();
        Assert.False(await media.Node.ApplyAsync(new MediaEffect { MediaNode = "m2", Session = "x", Open = new OpenMediaSession() }, CancellationToken.None));
        Assert.True(await media.Node.ApplyAsync(new MediaEffect { MediaNode = "m1", Session = "x", Open = new OpenMediaSession() }, CancellationToken.None));
        Assert.Equal(1, media.Counters[MediaCounter.EffectsForOtherNode]);
        await media.DisposeAsync();

        Assert.False(await media.Node.ApplyAsync(new MediaEffect { Session = "y", Open = new OpenMediaSession() }, CancellationToken.None));
    }

    [Theory]
    [InlineData(RejectionCode.AlreadyExists, 0)]
    [InlineData(RejectionCode.CallUnknown, 0)]
    [InlineData(RejectionCode.CallReleased, 0)]
    [InlineData(RejectionCode.InvalidRequest, 1)]
    public async Task Session_that_its_call_does_not_know_as_its_own_is_closed(RejectionCode code, int left)
    {
        await using var media = await MediaHarness.StartAsync(open: false);
        media.Sink.Answer = _ => ValueTask.FromResult(Rejected(code));
        await media.OpenAsync();

        await media.WaitForAsync(MediaCounter.SessionsUnclaimed, 1 - left);
        Assert.Equal(left, media.Node.OpenSessions);
    }

    [Fact]
    public async Task Call_is_asked_now_and_then_whether_the_session_is_still_here_and_at_once_after_the_node_was_cut_off()
    {
        await using var media = await MediaHarness.StartAsync();
        media.Clock.Advance(MediaHarness.Options.SessionCheck);
        var check = (await media.Sink.WaitForAsync(1, IsCheck))[0].Call.CheckMedia;
        Assert.Equal(("m1", media.Opened.RtpPort), (check.MediaNode, check.RtpPort));

        media.Node.CheckSessions();
        media.Clock.Advance(TimeSpan.FromMilliseconds(50));
        await media.Sink.WaitForAsync(2, IsCheck);
        Assert.Equal(1, media.Node.OpenSessions);

        media.Sink.Answer = _ => ValueTask.FromResult(Rejected(RejectionCode.AlreadyExists));
        media.Clock.Advance(MediaHarness.Options.SessionCheck);
        await media.WaitForAsync(MediaCounter.SessionsUnclaimed, 1);
        Assert.Equal(0, media.Node.OpenSessions);
    }

    [Fact]
    public async Task Order_that_comes_while_the_call_is_asked_stands_against_the_answer()
    {
        await using var media = await MediaHarness.StartAsync();
        var answer = new TaskCompletionSource<Reply>();
        media.Sink.Answer = command => IsCheck(command) ? new ValueTask<Reply>(answer.Task) : ValueTask.FromResult(RecordingSink.Accepted);
        media.Clock.Advance(MediaHarness.Options.SessionCheck);
        await media.Sink.WaitForAsync(1, IsCheck);

        await media.ApplyAsync(new MediaEffect { Open = new OpenMediaSession() });
        answer.SetResult(Rejected(RejectionCode.AlreadyExists));

        await media.Sink.WaitForAsync(2, command => command.Call?.MediaOpened is not null);
        Assert.Equal((1, 0L), (media.Node.OpenSessions, media.Counters[MediaCounter.SessionsUnclaimed]));
    }

    [Fact]
    public async Task Load_is_a_little_for_a_session_and_one_for_each_leg()
    {
        await using var media = await MediaHarness.StartAsync();
        Assert.Equal(1, media.Node.Load);
        await media.AddAsync(1);
        await media.AddAsync(2);
        Assert.Equal(3, media.Node.Load);
    }

    [Fact]
    public void Options_that_cannot_work_say_which_and_why()
    {
        var problems = new MediaOptions { NodeName = "", Ports = new MediaPortRange(21001, 21002), MaxSessions = 0, EndOfRtp = TimeSpan.Zero }.Problems();

        Assert.Equal(
            [nameof(MediaOptions.NodeName), nameof(MediaOptions.Ports), nameof(MediaOptions.AdvertisedAddress), nameof(MediaOptions.MaxSessions), nameof(MediaOptions.EndOfRtp)],
            problems.Select(problem => problem.Split(' ')[0])
        );
        Assert.Empty(MediaHarness.Options.Problems());
        Assert.Empty(new MediaOptions { AdvertisedAddress = "192.0.2.1" }.Problems());
        Assert.Single((MediaHarness.Options with { SessionCheck = TimeSpan.Zero }).Problems());
    }

    private static bool IsCheck(Command command) => command.Call?.CheckMedia is not null;

    private static Reply Rejected(RejectionCode code) => new() { Rejection = new Rejection { Code = code, Detail = "no" } };
}
