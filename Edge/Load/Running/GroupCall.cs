using System.Collections.Concurrent;
using Mcptt.Load.Measuring;
using Mcptt.Load.Planning;
using Mcptt.Ue;

namespace Mcptt.Load.Running;

/// <summary>One call of a group as its plan says it: set-up, bursts, late entry, hang-up; and what came of each.</summary>
internal sealed class GroupCall(LoadContext context, LoadGroup group, CallPlan plan)
{
    /// <summary>How long a listener, an answer or an end is waited for before it counts as missing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LoadMeasures _measures = context.Measures;
    private readonly Pacer _pacer = context.Pacer;
    private readonly ConcurrentDictionary<uint, TalkBurst> _bursts = new();
    private readonly TaskCompletionSource _listenerReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private int _joined;
    private int _inCall;
    private volatile bool _ending;
    private int _dropped;
    private int _firstGrant;

    public uint Run => context.Run;

    public LoadGroup Group => group;

    public bool IsEmergency => plan.Emergency;

    private Member Caller => group.Members[plan.Caller];

    private IEnumerable<Member> Listeners => group.Members.Where(member => member != Caller && !IsLate(member));

    public TalkBurst? BurstOf(uint id) => _bursts.GetValueOrDefault(id);

    /// <param name="intended">When the caller's INVITE should leave.</param>
    /// <param name="stop">The run is cut short: the call hangs up at once.</param>
    public async Task PlayAsync(long intended, CancellationToken stop)
    {
        foreach (var member in group.Members)
        {
            member.Enter(this);
        }

        _measures.CallBegan();
        try
        {
            await PlayOutAsync(intended, stop);
        }
        finally
        {
            _measures.CallEnded();
            foreach (var member in group.Members)
            {
                member.Leave();
            }
        }
    }

    public void Joined(Member member, bool outgoing)
    {
        Interlocked.Increment(ref _inCall);
        if (outgoing)
        {
            return;
        }

        if (member.EnteringSince != 0)
        {
            _measures.RecordSince(MeasureKind.LateJoin, member.EnteringSince);
        }
        else if (Interlocked.Increment(ref _joined) == 1)
        {
            _measures.RecordSince(MeasureKind.FirstListener, _started);
        }
    }

    public void Ready(Member member)
    {
        if (member != Caller)
        {
            _listenerReady.TrySetResult();
        }
    }

    public void Left(Member member)
    {
        if (!_ending && Interlocked.Exchange(ref _dropped, 1) == 0)
        {
            _measures.Count(CountKind.CallsDropped);
            _measures.Failures.Add("call ended by the server before its time");
            _over.TrySetResult();
        }

        if (Interlocked.Decrement(ref _inCall) == 0 && _ending)
        {
            _allLeft.TrySetResult();
        }
    }

    /// <summary>First audio of a member that entered late: counts where it entered during this very burst.</summary>
    public void HeardLate(Member member, TalkBurst burst, long timestamp)
    {
        if (burst.GrantedAt != 0 && burst.GrantedAt <= member.EnteringSince)
        {
            _measures.Record(MeasureKind.LateEntry, member.EnteringSince, timestamp);
            _measures.Count(CountKind.LateEntriesHeard);
        }
    }

    private async Task PlayOutAsync(long intended, CancellationToken stop)
    {
        _started = await _pacer.UntilAsync(intended, stop);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        _measures.Count(CountKind.CallsStarted);
        await using var giveUp = stop.Register(() => _ = Caller.Client.CancelCallAsync(CancellationToken.None));
        var declaration = plan.Emergency ? new CallDeclaration(Emergency: true) : CallDeclaration.None;
        if (await Caller.Client.CallAsync(group.Id, implicitFloorRequest: false, declaration, CancellationToken.None) is not null)
        {
            _measures.Count(CountKind.CallsFailed);
            await EndAsync();
            return;
        }

        var established = _pacer.Now;
        _measures.Record(MeasureKind.CallSetup, _started, established);
        _measures.Count(CountKind.CallsSetUp);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _ = CutWhenOverAsync(cut);
        await ConverseAsync(established, cut.Token);
        CountListeners();
        await EndAsync();
        Account();
        _over.TrySetResult();
    }

    // A call that the server ended needs no more presses.
    private async Task CutWhenOverAsync(CancellationTokenSource cut)
    {
        await _over.Task;
        if (_dropped != 0)
        {
            await cut.CancelAsync();
        }
    }

    private async Task ConverseAsync(long established, CancellationToken stop)
    {
        if (!await WithinAsync(_listenerReady.Task, Patience, stop))
        {
            _measures.Failures.Add("nobody joined the call");
            return;
        }

        var floor = new CallFloor(context, this, _bursts, () => Interlocked.Exchange(ref _firstGrant, 1) == 0 ? _started : 0);
        var parts = new List<Task> { floor.TalkAsync(plan.Bursts[0], _pacer.Now, stop) };
        parts.AddRange(plan.Bursts.Skip(1).Select(burst => LaterAsync(burst.At, start => floor.TalkAsync(burst, start, stop))));
        if (plan.LateEntryAt is { } late)
        {
            parts.Add(LaterAsync(late, EnterLateAsync));
        }

        await _pacer.UntilAsync(_pacer.After(established, plan.Length), stop);
        await Task.WhenAll(parts);

        async Task LaterAsync(TimeSpan at, Func<long, Task> part)
        {
            var start = await _pacer.UntilAsync(_pacer.After(established, at), stop);
            if (!stop.IsCancellationRequested)
            {
                await part(start);
            }
        }
    }

    private async Task EnterLateAsync(long start)
    {
        var member = group.Members[^1];
        if (!_bursts.Values.Any(burst => burst.GrantedAt != 0 && !burst.IsOver))
        {
            return; // Nobody talks just now, so there would be nothing to time.
        }

        _measures.Count(CountKind.LateEntries);
        member.EnteringSince = start;
        if (await member.Client.AffiliateAsync([group.Id], CancellationToken.None) is not null)
        {
            _measures.Count(CountKind.LateEntriesFailed);
        }
    }

    private void CountListeners()
    {
        var expected = Listeners.Count();
        _measures.Count(CountKind.ListenersExpected, expected);
        _measures.Count(CountKind.ListenersJoined, Math.Min(_joined, expected));
        _measures.Count(CountKind.ListenersMissing, Math.Max(0, expected - _joined));
    }

    private async Task EndAsync()
    {
        if (plan.Emergency && Caller.IsInCall)
        {
            await Caller.Client.DeclareAsync(new CallDeclaration(Emergency: false), implicitFloorRequest: false, CancellationToken.None);
        }

        _ending = true;
        var present = group.Members.Where(member => member.IsInCall).ToList();

        // The server hangs up on the last one by itself (TS 24.379 6.3.8.1); two BYEs that cross would be answered 481.
        await Task.WhenAll(present.SkipLast(1).Select(HangUpAsync));
        if (Volatile.Read(ref _inCall) > 0 && !await WithinAsync(_allLeft.Task, Patience, CancellationToken.None))
        {
            _measures.Count(CountKind.CallsNotEnded);
            await Task.WhenAll(group.Members.Where(member => member.IsInCall).Select(member => member.Client.HangUpAsync(CancellationToken.None)));
        }

        if (group.Members[^1] is { EnteringSince: not 0 } late)
        {
            await late.Client.AffiliateAsync([], CancellationToken.None);
        }

        await Task.WhenAll(group.Members.Select(TakenApartAsync));
    }

    private async Task HangUpAsync(Member member)
    {
        var start = _pacer.Now;
        if (await member.Client.HangUpAsync(CancellationToken.None) is null)
        {
            _measures.RecordSince(MeasureKind.HangUp, start);
        }
    }

    // The client lets its call go a moment after it told of the end; the group's next call must not find it busy.
    private async Task TakenApartAsync(Member member)
    {
        var deadline = _pacer.After(_pacer.Now, Patience);
        while (member.Client.HasCall && _pacer.Now < deadline)
        {
            await Task.Delay(Pacer.Resolution, _pacer.Time);
        }
    }

    private void Account()
    {
        foreach (var burst in _bursts.Values)
        {
            burst.Account(_measures);
        }

        if (group.Members[^1] is { EnteringSince: not 0 } late && !_bursts.Values.Any(burst => burst.Heard(late.Place) is not null))
        {
            _measures.Failures.Add("late entry heard nothing");
        }
    }

    private bool IsLate(Member member) => context.Profile.Calls.LateEntryShare > 0 && member.Place == group.Members.Count - 1;

    private async Task<bool> WithinAsync(Task task, TimeSpan limit, CancellationToken stop)
    {
        await task.WaitAsync(limit, _pacer.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully;
    }
}
