using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>
/// The commands of this node for one shard, in their order. While the owner is known they pass at once; when it is not, or did not answer, they wait
/// here, those that were under way before those behind them, so that no command overtakes another on its way to the next owner. A repeated one
/// keeps its id, so it is done once. The first command to an owner on another node goes alone: it may come before that node knows that it owns the shard,
/// and one behind it must not find that it does.
/// </summary>
public sealed class ShardLane(LaneOptions options, TimeProvider time, Action<int> lost)
{
    private readonly Lock _gate = new();

    // In order: those under way and those that wait. No one waits in front of one under way unless the lane is closed.
    private readonly LinkedList<PendingRoute> _commands = [];
    private ShardRoute? _route;
    private bool _open;
    private bool _proven;
    private int _underWay;
    private long _closedAt;

    /// <summary>Commands that are not on their way: the owner is not known, or does not answer.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _commands.Count - _underWay;
            }
        }
    }

    /// <summary>False: as many wait as may.</summary>
    public bool TryAdd(PendingRoute command, out LinkedListNode<PendingRoute>? place)
    {
        lock (_gate)
        {
            place = null;
            if (!_open && _commands.Count >= options.LaneLimit)
            {
                return false;
            }

            place = _commands.AddLast(command);
            if (_open || PassesDrain(command))
            {
                Dispatch(place);
            }
            else
            {
                TryOpen();
            }

            return true;
        }
    }

    /// <summary>Its caller waits no more.</summary>
    public void Remove(LinkedListNode<PendingRoute> place)
    {
        lock (_gate)
        {
            Take(place);
            TryOpen();
        }
    }

    /// <summary>Who owns the shard now; null: nobody. The same owner as before changes nothing, whether it was reached or not.</summary>
    public void SetRoute(ShardRoute? route)
    {
        lock (_gate)
        {
            if (route?.Epoch == _route?.Epoch && route?.Owner == _route?.Owner)
            {
                return;
            }

            // Whatever the former owner still answers is void: it may be of a time that is over.
            foreach (var command in _commands.Where(command => command.IsUnderWay))
            {
                command.IsUnderWay = false;
                command.Attempt++;
            }

            _underWay = 0;
            _open = false;
            _route = route;
            _proven = route is { IsHere: true };
            _closedAt = 0;
            TryOpen();
        }
    }

    /// <summary>Outside commands wait here from now on; what actors tell still reaches the shard that drains on this node.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _open = false;
            _closedAt = long.MaxValue;
        }
    }

    /// <summary>Opens again after a while: the owner may be back although the database saw no change.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            TryOpen();
        }
    }

    private bool PassesDrain(PendingRoute command) => command.Source == CommandSource.Actor && _closedAt == long.MaxValue && _route is { IsHere: true };

    private void TryOpen()
    {
        if (_open || _route is null || _underWay > 0 || _closedAt == long.MaxValue || (_closedAt != 0 && time.GetElapsedTime(_closedAt) < options.LaneRetry))
        {
            return;
        }

        _open = _proven;
        if (!_open)
        {
            if (_commands.First is { } first)
            {
                Dispatch(first);
            }

            return;
        }

        for (var place = _commands.First; place is not null && _open;)
        {
            // An answer may be there at once, and then the place is gone from the list.
            var next = place.Next;
            if (!place.Value.IsUnderWay)
            {
                Dispatch(place);
            }

            place = next;
        }
    }

    // Under the gate, so that what is handed over keeps the order. It ends there with the mailbox or the stream's queue.
    private void Dispatch(LinkedListNode<PendingRoute> place)
    {
        place.Value.IsUnderWay = true;
        _underWay++;
        _ = FollowAsync(place, place.Value.Attempt, _route!);
    }

    private async Task FollowAsync(LinkedListNode<PendingRoute> place, int attempt, ShardRoute route)
    {
        var reply = await SendAsync(place.Value, route);
        lock (_gate)
        {
            if (place.List is null || place.Value.Attempt != attempt)
            {
                return;
            }

            if (reply is not null && !IsElsewhere(reply))
            {
                Take(place);
                _proven = true;
            }
            else
            {
                place.Value.IsUnderWay = false;
                place.Value.Attempt++;
                _underWay--;
                _open = false;
                _proven = route.IsHere;
                _closedAt = _closedAt == long.MaxValue ? _closedAt : time.GetTimestamp();
                reply = null;
            }

            TryOpen();
        }

        if (reply is null)
        {
            lost(route.Owner);
        }
        else
        {
            place.Value.TrySetResult(reply);
        }
    }

    private static async ValueTask<Reply?> SendAsync(PendingRoute command, ShardRoute route)
    {
        try
        {
            return await route.Send(command.Command, command.Source);
        }
        catch (Exception)
        {
            // Not delivered, or not known whether: the same as no answer.
            return null;
        }
    }

    private static bool IsElsewhere(Reply reply) =>
        reply.Unavailable is { Reason: UnavailableReason.Moved or UnavailableReason.Stopping };

    private void Take(LinkedListNode<PendingRoute> place)
    {
        if (place.List is null)
        {
            return;
        }

        _underWay -= place.Value.IsUnderWay ? 1 : 0;
        _commands.Remove(place);
    }
}
