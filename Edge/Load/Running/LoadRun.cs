using System.Net.Sockets;
using System.Security.Cryptography;
using Mcptt.Load.Measuring;
using Mcptt.Load.Planning;
using Mcptt.Load.Profiles;
using Mcptt.Load.Reporting;
using Mcptt.Ue.Sharing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Load.Running;

/// <summary>
/// One run: everybody registers, calls come at their rate whatever the server does (open loop), those under way end, everybody leaves. The token cuts it
/// short: calls hang up, users leave, and there is a report of what was.
/// </summary>
public sealed class LoadRun
{
    private readonly LoadOptions _options;
    private readonly LoadMeasures _measures;
    private readonly Pacer _pacer;
    private readonly LoadContext _context;
    private readonly LoadRandom _random;
    private readonly LoadSampler _sampler;
    private readonly TimeProvider _time;

    /// <param name="watch">Called with each sample of the time series, for a live view; must not wait.</param>
    public LoadRun(LoadOptions options, TimeProvider time, Action<LoadSample>? watch = null)
    {
        (_options, _time) = (options, time);
        _measures = new LoadMeasures(time);
        _pacer = new Pacer(time, _measures);
        _context = new LoadContext(options.Profile, _measures, _pacer, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))));
        _random = new LoadRandom(options.Profile.Seed);
        _sampler = new LoadSampler(options, _measures, time, watch);
    }

    /// <summary>Throws <see cref="SocketException"/> when this machine has no sockets for it.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        await using var fleet = UeFleet.Create(FleetOptions(), _time, NullLoggerFactory.Instance);
        await fleet.StartAsync(CancellationToken.None);
        var cast = Cast.Of(_context, fleet, _options.Servers.Count);
        await StartAllAsync(cast);
        await WarmAsync(cast);
        _measures.Events.Begin();
        _sampler.Start();
        try
        {
            await RegisterAsync(cast, stop);
            await CallAsync(cast, stop);
            await LeaveAsync(cast);
        }
        finally
        {
            await _sampler.StopAsync();
            await Task.WhenAll(cast.Members.Select(member => member.Client.DisposeAsync().AsTask()));
        }

        return ReportMaking.Of(_options, _measures, _sampler, _time, wasCut: stop.IsCancellationRequested, fleet.EarlyDatagramsDropped);
    }

    private UeFleetOptions FleetOptions() =>
        new()
        {
            Servers = _options.Servers,
            Transport = _options.Transport,
            LocalAddress = _options.LocalAddress,
            MediaLines = (int)_options.Profile.Groups.Members,
            FailoverAfter = TimeSpan.FromSeconds((double)_options.Profile.Servers.FailoverSeconds),
            ProbeInterval = TimeSpan.FromSeconds((double)_options.Profile.Servers.ProbeSeconds),
            ServerChanged = (server, why) => _measures.Events.Add(why is null ? $"{server} is back" : $"{server} is passed over: {why}", isTrouble: why is not null),
        };

    private static async Task StartAllAsync(Cast cast)
    {
        foreach (var member in cast.Members)
        {
            await member.Client.StartAsync(CancellationToken.None);
        }
    }

    // The first exchange of a process compiles its code; what that takes is nobody's registration time.
    private async Task WarmAsync(Cast cast)
    {
        await cast.Members[0].Client.RegisterAsync(null, CancellationToken.None);
        _measures.Failures.Clear();
    }

    private async Task RegisterAsync(Cast cast, CancellationToken stop)
    {
        Begin(LoadPhase.Registering);
        await PacedAsync(cast.Members, RegisterAsync, stop);
    }

    private async Task RegisterAsync(Member member, long start)
    {
        if (await member.Client.RegisterAsync(null, CancellationToken.None) is not null)
        {
            _measures.Count(CountKind.RegistrationsFailed);
            return;
        }

        _measures.RecordSince(MeasureKind.Registration, start);
        _measures.Count(CountKind.Registered);
        _measures.RegisteredNow(+1);
        member.IsRegistered = true;
        var index = (int)member.Number;
        var groups = _options.Profile.Groups;
        if (groups.ExplicitAffiliation && index < groups.Count * groups.Members && !LoadNames.Of(_options.Profile).IsLate(index))
        {
            var group = LoadNames.Of(_options.Profile).Group(index / (int)groups.Members);
            await member.Client.AffiliateAsync([group], CancellationToken.None);
        }
    }

    private async Task CallAsync(Cast cast, CancellationToken stop)
    {
        Begin(LoadPhase.Ramp);
        var phases = _options.Profile.Phases;
        var start = _pacer.Now;
        var steady = _pacer.After(start, TimeSpan.FromSeconds((double)phases.RampSeconds));
        var end = _pacer.After(steady, TimeSpan.FromSeconds((double)phases.SteadySeconds));
        _measures.SteadyBetween(steady, end);
        using var calls = new CallTraffic(_context, cast.Groups, new CallPlanner(_options.Profile, _random));
        var marking = MarkAsync(steady, stop);
        foreach (var at in Arrivals.Of(_options.Profile, _random))
        {
            var intended = _pacer.After(start, at);
            await _pacer.WakeBeforeAsync(intended, stop);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            calls.Begin(intended, stop);
        }

        await marking;
        await _pacer.WakeBeforeAsync(end, stop);
        Begin(LoadPhase.CoolDown);
        await calls.EndAsync(TimeSpan.FromSeconds((double)phases.CoolDownSeconds), _time);
    }

    private async Task MarkAsync(long steady, CancellationToken stop)
    {
        await _pacer.WakeBeforeAsync(steady, stop);
        Begin(LoadPhase.Steady);
    }

    private async Task LeaveAsync(Cast cast)
    {
        Begin(LoadPhase.Leaving);
        await PacedAsync([.. cast.Members.Where(member => member.IsRegistered)], UnregisterAsync, CancellationToken.None);
    }

    private async Task UnregisterAsync(Member member, long start)
    {
        member.IsRegistered = false;
        await member.Client.UnregisterAsync(CancellationToken.None);
        _measures.RegisteredNow(-1);
    }

    // Each at its time, whether those before have been answered or not.
    private async Task PacedAsync(IReadOnlyList<Member> members, Func<Member, long, Task> act, CancellationToken stop)
    {
        var start = _pacer.Now;
        var gap = TimeSpan.FromSeconds(1 / (double)_options.Profile.Users.RegistrationsPerSecond);
        var acts = new List<Task>();
        for (var i = 0; i < members.Count && !stop.IsCancellationRequested; i++)
        {
            var at = await _pacer.UntilAsync(_pacer.After(start, i * gap), stop);
            acts.Add(act(members[i], at));
        }

        await Task.WhenAll(acts);
    }

    private void Begin(LoadPhase phase)
    {
        _sampler.Phase = phase;
        _measures.Events.Add(ReportMaking.NameOf(phase));
    }
}
