using Akka.Actor;
using Akka.Cluster;
using Mcptt.Actors.Akka.Routing;
using Mcptt.Actors.Routing;
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

    // By the events: what the extension shows may be a moment behind them.
    private readonly Dictionary<int, Member> _members = [];

    // Of members only: what one told is forgotten when it is removed.
    private readonly Dictionary<int, NodeCondition> _told = [];

    // Set by Akka before PreStart.
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, duties.LookInterval);
        Timers.StartPeriodicTimer(Tell.Instance, Tell.Instance, duties.TellInterval);
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
            case NodeRequest { Condition: { } told }:
                Hear(told);
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
            case Tell:
                TellAll();
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
        var uid = change.Member.UniqueAddress.Uid;
        if (change.Member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Removed))
        {
            _members[uid] = change.Member;
        }

        if (change is ClusterEvent.MemberRemoved)
        {
            _members.Remove(uid);
            _told.Remove(uid);
            duties.Directory.Removed(uid);
            duties.Directory.Look();
        }

        if (change is ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved && uid == duties.Self)
        {
            duties.Lease.Lose();
        }

        Show();
        TellAll();
    }

    private void Hear(NodeCondition told)
    {
        if (_members.ContainsKey(told.Owner))
        {
            _told[told.Owner] = told;
            Show();
        }
    }

    private void Show()
    {
        duties.Seen(new MemberView([.. _members.Values.Order(Member.AgeOrdering).Select((member, place) => MemberNode.Of(member, place + 1, _told.GetValueOrDefault(member.UniqueAddress.Uid), _system))]));
    }

    /// <summary>What this node carries, and whether it drains; to itself too, so that all compute with the same.</summary>
    private void TellAll()
    {
        var condition = new NodeCondition { Owner = duties.Self, Draining = duties.Drains() };
        if (duties.Effects.MediaLoad is { } load)
        {
            condition.MediaLoad = load;
        }

        foreach (var node in duties.View().Nodes)
        {
            node.Node.Tell(new NodeRequest { Condition = condition }, Self);
        }
    }

    private async Task ServeAsync(NodeRequest request, IActorRef sender, IActorRef self)
    {
        var reply = request.BodyCase switch
        {
            NodeRequest.BodyOneofCase.Sip => new NodeReply { Id = request.Id, Taken = await duties.Effects.OwnAsync(request.Sip, CancellationToken.None) },
            NodeRequest.BodyOneofCase.Media => new NodeReply { Id = request.Id, Taken = await duties.Effects.OwnAsync(request.Media, CancellationToken.None) },
            NodeRequest.BodyOneofCase.Drain => new NodeReply { Id = request.Id, Taken = duties.Order(request.Drain.Draining) },
            _ => new NodeReply { Id = request.Id, NotUnderstood = true },
        };
        sender.Tell(reply, self);
    }

    /// <summary>The owner of a shard did not answer, or is not it.</summary>
    public sealed record LostShard(int Shard) : INoSerializationVerificationNeeded;

    private sealed class Tell : INoSerializationVerificationNeeded
    {
        public static readonly Tell Instance = new();
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}

/// <summary>What the node actor does its work with.</summary>
/// <param name="Drains">Whether this node gives its shards away and wants no sessions.</param>
/// <param name="Order">An operator wants that, or that it ends; false: this node cannot now.</param>
internal sealed record NodeDuties(
    int Self,
    MemberLease Lease,
    ShardDirectory Directory,
    NodeLinks Links,
    EffectRouter Effects,
    Func<MemberView> View,
    Action<MemberView> Seen,
    Func<bool> Drains,
    Func<bool, bool> Order,
    TimeSpan LookInterval,
    TimeSpan TellInterval);
