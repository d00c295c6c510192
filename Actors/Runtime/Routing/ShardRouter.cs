using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>Brings each command to the node that owns its actor's shard, and its reply back.</summary>
public sealed class ShardRouter : ICommandRouter, IDisposable
{
    private readonly LaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ShardLane[] _lanes;
    private readonly ITimer _retry;

    /// <param name="lost">Is told the shard whose owner did not answer, or says that it is not it.</param>
    public ShardRouter(LaneOptions options, TimeProvider time, Action<int> lost)
    {
        (_options, _time) = (options, time);
        _lanes = [.. Enumerable.Range(0, options.Shards).Select(shard => new ShardLane(options, time, _ => lost(shard)))];
        _retry = time.CreateTimer(_ => Retry(), null, options.LaneRetry, options.LaneRetry);
    }

    /// <summary>Commands that wait for their shards' owners: all of them, and the most for one shard.</summary>
    public (int Sum, int Most) Waiting()
    {
        var (sum, most) = (0, 0);
        foreach (var lane in _lanes)
        {
            var waiting = lane.Waiting;
            (sum, most) = (sum + waiting, Math.Max(most, waiting));
        }

        return (sum, most);
    }

    public async ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken)
    {
        if (command.To is null || command.To.Id.Length == 0)
        {
            return new Reply { Rejection = new Rejection { Code = RejectionCode.InvalidRequest, Detail = "a command needs a receiver" } };
        }

        var lane = _lanes[ShardKey.ShardOf(command.To.Id, _options.Shards)];
        var pending = new PendingRoute(command, source);
        if (!lane.TryAdd(pending, out var place))
        {
            return RouteReplies.Unavailable(UnavailableReason.Overloaded, "too many commands wait for the shard's next owner");
        }

        try
        {
            return await pending.Task.WaitAsync(_options.CommandDeadline, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            lane.Remove(place!);
            return RouteReplies.Unavailable(UnavailableReason.Deadline, "no answer in time; the outcome is unknown");
        }
    }

    public void SetRoute(int shard, ShardRoute? route) => _lanes[shard].SetRoute(route);

    public void Close(int shard) => _lanes[shard].Close();

    public void Dispose() => _retry.Dispose();

    private void Retry()
    {
        foreach (var lane in _lanes)
        {
            lane.Retry();
        }
    }
}
