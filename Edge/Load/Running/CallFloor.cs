using System.Collections.Concurrent;
using Mcptt.Load.Measuring;
using Mcptt.Load.Planning;
using Mcptt.Protocol.Floor;
using Mcptt.Ue.Floor;

namespace Mcptt.Load.Running;

/// <summary>The buttons of one call: who presses when, and what comes of it.</summary>
/// <param name="takeCallStart">When the call began, once: for its first grant; then 0.</param>
internal sealed class CallFloor(LoadContext context, GroupCall call, ConcurrentDictionary<uint, TalkBurst> bursts, Func<long> takeCallStart)
{
    /// <summary>Beyond this a request that was queued is given up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>A packet that comes so long after its burst is lost to any listener.</summary>
    private static readonly TimeSpan LatestPacket = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly LoadMeasures _measures = context.Measures;
    private readonly Pacer _pacer = context.Pacer;

    /// <summary>The talker and those who press at the same moment; each who gets the floor talks as long.</summary>
    public Task TalkAsync(BurstPlan plan, long start, CancellationToken stop) =>
        Task.WhenAll(new[] { plan.Talker }.Concat(plan.Contenders).Select(place => PressAsync(call.Group.Members[place], plan.Length, start, stop)));

    private async Task PressAsync(Member member, TimeSpan length, long start, CancellationToken stop)
    {
        if (!CanPress(member))
        {
            // What made it late has been measured where it happened; the press counts from when its user can press.
            if (!await ReadyToPressAsync(member, stop))
            {
                _measures.Failures.Add(member.ReadySince == 0 ? "could not press: not in the call" : "could not press: still talking");
                return;
            }

            start = _pacer.Now;
        }

        var burst = new TalkBurst(call, member, context.NextBurst(), start, call.Group.Members.Count);
        if (member.TryPress(burst) is not { } press)
        {
            _measures.Failures.Add("could not press: still talking");
            return;
        }

        bursts[burst.Id] = burst;
        _measures.Count(CountKind.Presses);
        var wish = call.IsEmergency ? new FloorWish(Indicator: (ushort)FloorIndicator.EmergencyCall) : default;
        if (member.Client.Press(wish) is not null)
        {
            press.Refused();
            return;
        }

        if (await DecidedAsync(press, stop) == PressOutcome.Granted)
        {
            await TalkAsync(member, press, length, stop);
        }
        else
        {
            await LetGoAsync(member, press);
        }
    }

    private static bool CanPress(Member member) => member.ReadySince != 0 && member.HasLetGo;

    private async Task<bool> ReadyToPressAsync(Member member, CancellationToken stop)
    {
        var deadline = _pacer.After(_pacer.Now, GroupCall.Patience);
        while (!CanPress(member) && !stop.IsCancellationRequested && _pacer.Now < deadline)
        {
            await Task.Delay(LookAgain, _pacer.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return CanPress(member);
    }

    private async Task TalkAsync(Member member, Press press, TimeSpan length, CancellationToken stop)
    {
        var burst = press.Burst;
        _measures.Count(CountKind.Granted);
        _measures.Record(burst.WasQueued ? MeasureKind.QueueWait : MeasureKind.FloorAccess, burst.Pressed, burst.GrantedAt);
        if (takeCallStart() is not 0 and var callStart)
        {
            _measures.Record(MeasureKind.CallAccess, callStart, burst.GrantedAt);
        }

        var listeners = call.Group.Members.Where(other => other != member && other.ReadySince != 0).ToList();
        var end = _pacer.UntilAsync(_pacer.After(burst.GrantedAt, length), stop).AsTask();
        await Task.WhenAny(end, press.Over);
        await LetGoAsync(member, press);
        burst.IsOver = true;
        burst.Listeners = [.. listeners.Where(listener => listener.ReadySince != 0 && listener.ReadySince <= burst.GrantedAt)];
        _ = AccountAsync(burst);
    }

    // So that losses stand in the time series where they happened; what the end of the call finds is accounted for there.
    private async Task AccountAsync(TalkBurst burst)
    {
        await Task.Delay(LatestPacket, _pacer.Time);
        burst.Account(_measures);
    }

    private async Task<PressOutcome> DecidedAsync(Press press, CancellationToken stop)
    {
        try
        {
            return await press.Decided.WaitAsync(LongestWait, _pacer.Time, stop);
        }
        catch (TimeoutException)
        {
            _measures.Failures.Add($"no floor within {LongestWait.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            // The call is cut short; the button is let go.
        }

        return PressOutcome.Lost;
    }

    // The client repeats its release and says in the end that it was not answered; it must not be pressed again meanwhile.
    private async Task LetGoAsync(Member member, Press press)
    {
        if (press.Over.IsCompleted)
        {
            return;
        }

        member.Client.Release();
        await press.Over.WaitAsync(GroupCall.Patience, _pacer.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
