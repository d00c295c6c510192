using Akka.Actor;
using Akka.Cluster.Sharding;
using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>
/// One entity per shard that runs the shard's actors wherever Akka places it. At its start it reads the table `live`, so actors with due timers or open effects come back without
/// being asked; at a hand-off it finishes what is under way before Akka may start the shard elsewhere.
/// </summary>
internal sealed class ShardKeeper : UntypedActor, ICellWatcher, IDisposable
{
    private readonly MemberServices _services;
    private readonly IActorRef _self;
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunningShard _running;
    private bool _drains;

    public ShardKeeper(MemberServices services, int shard)
    {
        _services = services;
        _self = Self;
        var epoch = (services.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        _running = new RunningShard(services.Host, services.Lease, shard, epoch, this);
    }

    protected override void PreStart()
    {
        // It takes commands from the first moment on; actors that must come back by themselves do so beside them.
        var live = _services.Host.Journal.ReadLiveAsync(ShardKey.RangeOf(_running.Id, _services.Options.Shards), _stopping.Token);
        var starting = _running.Actors.StartAsync(live, _stopping.Token);
        _services.Shards.Add(_running);
        _services.Directory.RunsHere(_running);
        _services.Announce(Notice());
        _ = starting.PipeTo(Self, success: () => Started.Instance, failure: failure => new Status.Failure(failure));
        _services.Logger.LogInformation("Node {Node} runs shard {Shard}", _services.Options.NodeName, _running.Id);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _services.Shards.Remove(_running);
        _services.Directory.StopsHere(_running);
        _ = _running.DisposeAsync().AsTask();
    }

    /// <summary>Akka calls it when the actor has stopped.</summary>
    public void Dispose() => _stopping.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeRequest { Shard: not null } request:
                Sender.Tell(new NodeReply { Id = request.Id, Shard = Notice() });
                break;
            case CellHere here:
                Context.Parent.Tell(new ShardRegion.StartEntity(here.PersistenceId), ActorRefs.NoSender);
                break;
            case CellGone gone:
                Context.Parent.Tell(gone);
                break;
            case HandOff:
                Drain();
                break;
            case Drained:
                Context.Stop(Self);
                break;
            case Status.Failure failure:
                // Without its live actors it must not run. The next question for the shard starts it again.
                _services.Logger.LogWarning("Shard {Shard} could not be started: {Reason}", _running.Id, failure.Cause.Message);
                Context.Stop(Self);
                break;
            case Started:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    void ICellWatcher.Added(string persistenceId) => _self.Tell(new CellHere(persistenceId));

    void ICellWatcher.Removed(string persistenceId) => _self.Tell(new CellGone(persistenceId));

    private ShardNotice Notice() => new() { Shard = (uint)_running.Id, Epoch = _running.Epoch, Owner = _services.Self };

    private void Drain()
    {
        if (_drains)
        {
            return;
        }

        _drains = true;
        _services.Directory.Drains(_running);
        _ = DrainAsync().PipeTo(Self, success: () => Drained.Instance, failure: _ => Drained.Instance);
    }

    private async Task DrainAsync()
    {
        if (_running.IsHeld)
        {
            await _running.Actors.DrainAsync(CancellationToken.None);

            // The next owner reads marks and snapshots from the journal.
            await _services.Host.Journal.FlushAsync();
        }
    }

    private sealed class Started : INoSerializationVerificationNeeded
    {
        public static readonly Started Instance = new();
    }

    private sealed class Drained : INoSerializationVerificationNeeded
    {
        public static readonly Drained Instance = new();
    }
}
