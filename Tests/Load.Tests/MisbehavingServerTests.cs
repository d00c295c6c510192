using System.Net;
using System.Net.Sockets;
using Mcptt.Load.Profiles;
using Mcptt.Load.Reporting;
using Mcptt.Load.Running;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Load.Tests;

/// <summary>Against a server that refuses or keeps silent, every refusal is counted once and by its words.</summary>
public sealed class MisbehavingServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly LoadProfile Profile = new()
    {
        Users = new UsersProfile { Count = 20, RegistrationsPerSecond = 200 },
        Groups = new GroupsProfile { Count = 6, Members = 3 },
        Calls = new CallsProfile { PerSecond = 2, Arrivals = "even", Length = new DurationProfile { Seconds = 1 } },
        Phases = new PhasesProfile { RampSeconds = 0, SteadySeconds = 2 },
        Limits = new LimitsProfile { ScheduleLagMs = 60_000, VoiceLagMs = 60_000 },
        Thresholds = [new ThresholdProfile { Count = "callsFailed", Max = 0 }, new ThresholdProfile { Measure = "callSetup", MaxMs = 1 }],
    };

    private readonly ScriptedServer _server = new();

    public Task InitializeAsync() => _server.On(SipMethods.Register, 200).StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Refused_registrations_are_told_from_those_that_were_made()
    {
        // Every fourth user: 4, 8, 12, 16, 20.
        _server.On(SipMethods.Register, request => request.CreateResponse(NumberOf(request) % 4 == 0 ? 403 : 200, null, "srv"));

        var report = await RunAsync(Profile with { Calls = Profile.Calls with { PerSecond = 0 } });

        Assert.Equal((15, 5), (report.Counts["registered"], report.Counts["registrationsFailed"]));
        Assert.Equal(new Dictionary<string, long> { ["register-failed 403"] = 5 }, report.Failures);
    }

    [Fact]
    public async Task Refused_calls_fail_by_their_status_and_the_thresholds_do_not_hold()
    {
        _server.On(SipMethods.Invite, 486);

        var report = await RunAsync(Profile);

        Assert.Equal((3, 0, 3), (report.Counts["callsStarted"], report.Counts["callsSetUp"], report.Counts["callsFailed"]));
        Assert.Equal(new Dictionary<string, long> { ["call-failed 486"] = 3 }, report.Failures);
        Assert.False(report.Holds);
        Assert.Equal([false, false], report.Thresholds.Select(threshold => threshold.Holds));
        Assert.Null(report.Thresholds[1].Value);
        Assert.True(report.Valid, string.Join("; ", report.NotValidBecause));
    }

    [Fact]
    public async Task A_call_that_is_only_being_tried_is_given_up()
    {
        _server.On(SipMethods.Invite, _ => null);

        var report = await RunAsync(Profile, new FakeClock());

        Assert.Equal((3, 3), (report.Counts["callsStarted"], report.Counts["callsFailed"]));
        Assert.Equal(new Dictionary<string, long> { ["call-failed 487"] = 3 }, report.Failures);
    }

    [Fact]
    [Clause("RFC3261 17.1.2.2")]
    public async Task A_server_that_says_nothing_at_all_registers_nobody()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = Options(Profile with { Calls = Profile.Calls with { PerSecond = 0 } }) with { Servers = [(IPEndPoint)deaf.LocalEndPoint!] }; // Bound.

        var report = await TurnedAsync(clock => new LoadRun(options, clock).RunAsync(CancellationToken.None), new FakeClock());

        Assert.Equal((0, 20), (report.Counts["registered"], report.Counts["registrationsFailed"]));
        Assert.Equal(new Dictionary<string, long> { ["register-failed no answer to REGISTER"] = 20 }, report.Failures);
    }

    [Fact]
    public async Task A_call_that_nobody_joins_is_set_up_and_its_listeners_are_missing()
    {
        _server
            .On(SipMethods.Invite, request => Answer(request))
            .On(SipMethods.Bye, 200);

        var report = await RunAsync(Profile with { Calls = Profile.Calls with { PerSecond = 1 } });

        Assert.Equal((1, 1, 0), (report.Counts["callsStarted"], report.Counts["callsSetUp"], report.Counts["presses"]));
        Assert.Equal((2, 2), (report.Counts["listenersExpected"], report.Counts["listenersMissing"]));
        Assert.Equal(1, report.Failures["nobody joined the call"]);
    }

    [Fact]
    public async Task A_run_that_is_cut_short_leaves_and_reports_and_says_so()
    {
        using var stop = new CancellationTokenSource();
        var run = new LoadRun(Options(Profile with { Phases = new PhasesProfile { SteadySeconds = 3_600 } }), TimeProvider.System, sample => stop.Cancel()).RunAsync(stop.Token);

        var report = await run.WaitAsync(Patience);

        Assert.False(report.Valid);
        Assert.Contains("the run was cut short", report.NotValidBecause);
        Assert.Equal(0, report.Samples[^1].Registered);
    }

    private static ResponseMessage Answer(RequestMessage invite)
    {
        var answer = invite.CreateResponse(200, null, "srv");
        answer.Headers.Set(SipHeaderNames.Contact, "<sip:call@127.0.0.1>");
        answer.SetBody("application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\nm=application 40001 udp MCPTT\r\na=fmtp:MCPTT mc_queueing\r\n");
        return answer;
    }

    private static int NumberOf(RequestMessage request) => int.Parse(request.From.Uri!.UnescapedUser!.Split('-')[1]); // By the profile's pattern.

    private Task<LoadReport> RunAsync(LoadProfile profile) => new LoadRun(Options(profile), TimeProvider.System).RunAsync(CancellationToken.None).WaitAsync(Patience);

    private Task<LoadReport> RunAsync(LoadProfile profile, FakeClock clock) => TurnedAsync(time => new LoadRun(Options(profile), time).RunAsync(CancellationToken.None), clock);

    // Servers answer in real time; so much of it is left to them that a busy machine does not make them look silent.
    private static async Task<LoadReport> TurnedAsync(Func<TimeProvider, Task<LoadReport>> runAsync, FakeClock clock)
    {
        var run = runAsync(clock);
        while (!run.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(25));
            await Task.Delay(5);
        }

        return await run;
    }

    private LoadOptions Options(LoadProfile profile)
    {
        Assert.Empty(LoadProfileRules.Check(profile));
        return new LoadOptions { Profile = profile, Servers = [_server.Endpoint] };
    }
}
