using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Inward;

/// <summary>Bounds of a <see cref="CommandDispatch{TLane}"/>. <paramref name="Attempts"/> with pauses from 50 ms on, each twice the last.</summary>
internal readonly record struct DispatchLimits(int Waiting, int InFlight, int Attempts)
{
    /// <summary>For what happens in one session: about 1.5 s of trying; a participant asks again by itself (T101, T100).</summary>
    public static DispatchLimits OfSession { get; } = new(Waiting: 128, InFlight: 16, Attempts: 6);

    /// <summary>For outcomes that a call waits for: about 25 s.</summary>
    public static DispatchLimits OfOutcomes { get; } = new(Waiting: 8192, InFlight: 64, Attempts: 10);
}

/// <summary>
/// Takes commands to the sink. One at a time per lane (a leg), so that its order is kept; lanes side by side, so that none waits for
/// another. <see cref="Unavailable"/> is retried with the same command id. Full: the oldest that waits goes, and is counted.
/// </summary>
internal sealed class CommandDispatch<TLane>(
    ICommandSink sink,
    DispatchLimits limits,
    MediaNodeCounters counters,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
    where TLane : notnull
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly LinkedList<Order> _waiting = new();
    private readonly HashSet<TLane> _busy = [];
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource? _idle;

    /// <param name="lane">Whose order is kept.</param>
    /// <param name="command">With its id and time.</param>
    /// <param name="undelivered">Called when it is given up, for whatever reason.</param>
    /// <param name="rejected">Called when it is answered with a rejection.</param>
    public void Send(TLane lane, Command command, Action? undelivered = null, Action<Rejection>? rejected = null)
    {
        Order? pushedOut = null;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_waiting.Count == limits.Waiting)
            {
                pushedOut = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }

            _waiting.AddLast(new Order(this, lane, command, undelivered, rejected));
            StartWhatMay();
        }

        if (pushedOut is not null)
        {
            counters.Add(MediaCounter.CommandsDropped);
            pushedOut.Undelivered?.Invoke();
        }
    }

    /// <summary>Nothing more is sent; ends when nothing is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        lock (_gate)
        {
            _waiting.Clear();
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_busy.Count == 0)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task;
        _stopping.Dispose();
    }

    // Under the gate.
    private void StartWhatMay()
    {
        var node = _waiting.First;
        while (node is not null && _busy.Count < limits.InFlight)
        {
            var next = node.Next;
            if (_busy.Add(node.Value.Lane))
            {
                _waiting.Remove(node);
                ThreadPool.UnsafeQueueUserWorkItem(node.Value, preferLocal: false);
            }

            node = next;
        }
    }

    private async Task DeliverAsync(Order order)
    {
        var delivered = false;
        try
        {
            delivered = await TryDeliverAsync(order);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            delivered = true;
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "Command {CommandId} made the sink fail", order.Command.CommandId);
        }

        if (!delivered)
        {
            counters.Add(MediaCounter.CommandsUndelivered);
            logger.LogWarning("Command {CommandId} to {Actor} was not taken in {Attempts} attempts", order.Command.CommandId, order.Command.To, limits.Attempts);
            order.Undelivered?.Invoke();
        }

        lock (_gate)
        {
            _busy.Remove(order.Lane);
            StartWhatMay();
            if (_busy.Count == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private async Task<bool> TryDeliverAsync(Order order)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            counters.Add(MediaCounter.CommandsSent);
            var reply = await sink.SendAsync(order.Command, _stopping.Token);
            if (reply.Rejection is { } rejection)
            {
                order.Rejected?.Invoke(rejection);
            }

            if (reply.OutcomeCase != Reply.OutcomeOneofCase.Unavailable)
            {
                return true;
            }

            if (attempt >= limits.Attempts)
            {
                return false;
            }

            counters.Add(MediaCounter.CommandsRetried);
            await Task.Delay(pause, time, _stopping.Token);
            pause *= 2;
        }
    }

    private sealed record Order(CommandDispatch<TLane> Owner, TLane Lane, Command Command, Action? Undelivered, Action<Rejection>? Rejected) : IThreadPoolWorkItem
    {
        public void Execute() => _ = Owner.DeliverAsync(this);
    }
}
