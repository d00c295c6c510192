using Mcptt.Actors.Akka.Sharding;
using Mcptt.Actors.Routing;
using Mcptt.Domain.Nodes;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Routing;

/// <summary>
/// Tells the lanes who runs their shards. Akka routes by shard, and drops what is under way when a shard moves or its node dies; so a command names the epoch of the ownership that
/// its lane knows, another one refuses it, and the lane sends all of it again in its order. The epoch is learned from the shard's keeper: unasked when it starts, by a question else.
/// </summary>
internal sealed class ShardDirectory(AkkaOptions options, int self, ShardRouter router, Func<uint, Command, long, bool, ValueTask<Reply?>> send, Action<uint> ask, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Place[] _places = [.. Enumerable.Range(0, options.Shards).Select(_ => new Place())];
    private bool _closed;

    /// <summary>Owner of each shard, by the member's number; 0: not known.</summary>
    public IReadOnlyList<int> Owners
    {
        get
        {
            lock (_gate)
            {
                return [.. _places.Select(place => place.Owner)];
            }
        }
    }

    /// <summary>Owner and epoch of each shard, by the member's number; 0: not known.</summary>
    public IReadOnlyList<ShardPlace> Read()
    {
        lock (_gate)
        {
            return [.. _places.Select((place, shard) => new ShardPlace(shard, place.Owner, place.Epoch, ""))];
        }
    }

    public void RunsHere(RunningShard running)
    {
        lock (_gate)
        {
            _places[running.Id].Here = running;
            Set(running.Id, self, running.Epoch, new ShardRoute(self, running.Epoch, true, async (command, source) => await running.Actors.SendAsync(command, source, CancellationToken.None)));
        }
    }

    /// <summary>Commands from outside wait from now on for the next owner; what actors tell still reaches the shard while it drains.</summary>
    public void Drains(RunningShard running)
    {
        lock (_gate)
        {
            if (_places[running.Id].Here == running)
            {
                router.Close(running.Id);
            }
        }
    }

    public void StopsHere(RunningShard running)
    {
        lock (_gate)
        {
            if (_places[running.Id].Here == running)
            {
                _places[running.Id].Here = null;
                Set(running.Id, 0, 0, null);
            }
        }
    }

    public void Heard(ShardNotice notice)
    {
        var shard = (int)notice.Shard;
        lock (_gate)
        {
            // What runs here has told so itself; who else says that it runs the shard will be heard when it does no more. Epochs of different owners cannot be compared: each
            // is by its node's clock. Where an old notice comes late, the shard refuses what follows and is asked.
            var place = shard < _places.Length ? _places[shard] : null;
            if (place is null or { Here: not null } || notice.Owner == self || (notice.Owner == place.Owner && notice.Epoch < place.Epoch))
            {
                return;
            }

            Set(shard, notice.Owner, notice.Epoch, new ShardRoute(notice.Owner, notice.Epoch, false, (command, source) => send(notice.Shard, command, notice.Epoch, source == Shards.CommandSource.Actor)));
        }
    }

    /// <summary>A member is gone for good: its shards have no owner until Akka has started them elsewhere.</summary>
    public void Removed(int owner)
    {
        lock (_gate)
        {
            for (var shard = 0; shard < _places.Length; shard++)
            {
                if (_places[shard].Owner == owner && owner != self)
                {
                    Set(shard, 0, 0, null);
                }
            }
        }
    }

    /// <summary>The owner did not answer, or says that it is not it. Never called under a lane's lock.</summary>
    public void Lost(int shard)
    {
        lock (_gate)
        {
            Ask(shard, options.Lanes.LaneRetry);
        }
    }

    /// <summary>Looks for shards whose owner is not known, and now and then for all: a question starts the one that nobody runs.</summary>
    public void Look()
    {
        lock (_gate)
        {
            for (var shard = 0; shard < _places.Length; shard++)
            {
                Ask(shard, _places[shard].Owner == 0 ? options.QueryInterval : options.KeepAlive);
            }
        }
    }

    /// <summary>This membership is over: nothing is sent by it any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            for (var shard = 0; shard < _places.Length; shard++)
            {
                _places[shard].Here = null;
                Set(shard, 0, 0, null);
            }

            _closed = true;
        }
    }

    private void Set(int shard, int owner, long epoch, ShardRoute? route)
    {
        (_places[shard].Owner, _places[shard].Epoch) = (owner, epoch);
        if (!_closed)
        {
            router.SetRoute(shard, route);
        }
    }

    private void Ask(int shard, TimeSpan interval)
    {
        if (time.GetElapsedTime(_places[shard].Asked) >= interval)
        {
            _places[shard].Asked = time.GetTimestamp();
            ask((uint)shard);
        }
    }

    private sealed class Place
    {
        public int Owner { get; set; }

        public long Epoch { get; set; }

        public RunningShard? Here { get; set; }

        public long Asked { get; set; }
    }
}
