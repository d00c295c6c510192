using Mcptt.Load.Measuring;
using Mcptt.Load.Planning;

namespace Mcptt.Load.Running;

/// <summary>Puts each call that is due into a group that is free. As many at a time as there are groups; one more is skipped and counted.</summary>
internal sealed class CallTraffic(LoadContext context, IReadOnlyList<LoadGroup> groups, CallPlanner planner) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<LoadGroup> _free = new(groups);
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _cut = new();

    public void Begin(long intended, CancellationToken stop)
    {
        LoadGroup? group;
        lock (_gate)
        {
            _running.RemoveAll(task => task.IsCompletedSuccessfully);
            if (!_free.TryDequeue(out group))
            {
                context.Measures.Count(CountKind.CallsSkipped);
                return;
            }

            _running.Add(PlayAsync(group, planner.Next(), intended, stop));
        }
    }

    /// <summary>Waits for the calls under way; after the limit they are cut short.</summary>
    public async Task EndAsync(TimeSpan limit, TimeProvider time)
    {
        Task all;
        lock (_gate)
        {
            all = Task.WhenAll(_running);
        }

        await all.WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!all.IsCompleted)
        {
            context.Measures.Failures.Add("calls cut short at the end of the cool-down");
            await _cut.CancelAsync();
        }

        await all;
    }

    public void Dispose() => _cut.Dispose();

    private async Task PlayAsync(LoadGroup group, CallPlan plan, long intended, CancellationToken stop)
    {
        await Task.Yield();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _cut.Token);
        await new GroupCall(context, group, plan).PlayAsync(intended, either.Token);
        lock (_gate)
        {
            _free.Enqueue(group);
        }
    }
}
