using Akka.Actor;
using Akka.Cluster;
using Mcptt.Actors.Akka.Routing;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Membership;

/// <summary>
/// The node among nodes, `/user/mcptt` on each: takes effects for its edge and its media node, replies to its own requests, and sees who is a member.
/// </summary>
internal sealed class NodeActor(NodeDuties duties) : UntypedActor, IWithTimers
{
    public const string Name = "mcptt";

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)Context.System;

    // Set by Akka before PreStart.
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, duties.LookInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeReply { Shard: { } notice }:
                duties.Directory.Heard(notice);
                break;
            case NodeReply reply:
                duties.Links.Replied(reply);
                break;
            case NodeRequest request:
                _ = ServeAsync(request, Sender, Self);
                break;
            case LostShard lost:
                duties.Directory.Lost(lost.Shard);
                break;
            case Look:
                duties.Directory.Look();
                break;
            case ClusterEvent.IMemberEvent change:
                See(change);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void See(ClusterEvent.IMemberEvent change)
    {
        var members = _cluster.State.Members.Where(member => member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Removed)).Order(Member.AgeOrdering);
        duties.Seen(new MemberView([.. members.Select(member => MemberNode.Of(member, _system))]));
        if (change is ClusterEvent.MemberRemoved removed)
        {
            duties.Directory.Removed(removed.Member.UniqueAddress.Uid);
            duties.Directory.Look();
        }

        if (change is ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved && change.Member.UniqueAddress.Uid == duties.Self)
        {
            duties.Lease.Lose();
        }
    }

    private async Task ServeAsync(NodeRequest request, IActorRef sender, IActorRef self)
    {
        var reply = request.BodyCase switch
        {
            NodeRequest.BodyOneofCase.Sip => new NodeReply { Id = request.Id, Taken = await duties.Effects.OwnAsync(request.Sip, CancellationToken.None) },
            NodeRequest.BodyOneofCase.Media => new NodeReply { Id = request.Id, Taken = await duties.Effects.OwnAsync(request.Media, CancellationToken.None) },
            _ => new NodeReply { Id = request.Id, NotUnderstood = true },
        };
        sender.Tell(reply, self);
    }

    /// <summary>The owner of a shard did not answer, or is not it.</summary>
    public sealed record LostShard(int Shard) : INoSerializationVerificationNeeded;

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}

/// <summary>What the node actor does its work with.</summary>
internal sealed record NodeDuties(int Self, MemberLease Lease, ShardDirectory Directory, NodeLinks Links, EffectRouter Effects, Action<MemberView> Seen, TimeSpan LookInterval);
