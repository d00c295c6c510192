using System.Net;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Cluster.Streams;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Engines;

public sealed class EffectRouterTests : IAsyncDisposable
{
    private static readonly ClusterOptions Options = new() { ConnectionString = "", NodeName = "own", Listener = new IPEndPoint(IPAddress.Loopback, 0) };

    private readonly NodeStreams _streams = new(Options, null, TimeProvider.System, NullLogger.Instance);
    private readonly FakeClock _clock = new();
    private readonly Calls _calls = new();
    private readonly World _world = new();
    private readonly NodeWatch _watch;
    private readonly EffectRouter _router;

    public EffectRouterTests()
    {
        _watch = new NodeWatch(Options.NodeGrace, Options.JoinGrace, _clock, () => { });
        _router = new EffectRouter(Options.NodeName, Options.EdgeGrace, _streams, _calls, _watch, _clock);
        _world.Load = 7;
        _router.Attach(_world, _world);
    }

    public ValueTask DisposeAsync() => _streams.DisposeAsync();

    [Fact]
    public async Task What_is_for_a_phone_of_an_edge_that_died_waits_for_it_and_is_then_sent_from_here()
    {
        await SeeAsync(Node("own"));
        var effect = new SipEffect { EffectId = "call-1/3/0", Bye = new ByeLeg { Dialog = new Dialog { Flow = new Flow { EdgeNode = "gone", Remote = "192.0.2.1:5060", ConnectionId = "x-1" } } } };

        Assert.False(await _router.SendAsync(effect, CancellationToken.None));
        _clock.Advance(Options.EdgeGrace);
        Assert.True(await _router.SendAsync(effect, CancellationToken.None));

        var sent = Assert.Single(_world.Sip);
        Assert.Equal(("call-1/3/0", "own", "x-1"), (sent.EffectId, sent.Bye.Dialog.Flow.EdgeNode, sent.Bye.Dialog.Flow.ConnectionId));
        Assert.Equal("gone", effect.Bye.Dialog.Flow.EdgeNode);
    }

    [Theory]
    [InlineData(true, "own")]
    [InlineData(false, "edge3")]
    public async Task What_an_edge_that_leaves_does_not_take_is_sent_by_another_one_at_once(bool isEdge, string byWayOf)
    {
        var links = new Links(Edge("edge2") with { Draining = true }, Edge("edge3"), Edge("own"));
        var router = new EffectRouter(Options.NodeName, Options.EdgeGrace, links, _calls, _watch, _clock);
        router.Attach(isEdge ? _world : null, _world);
        var effect = new SipEffect { EffectId = "call-1/3/0", Bye = new ByeLeg { Dialog = new Dialog { Flow = new Flow { EdgeNode = "edge2", Remote = "192.0.2.1:5060" } } } };

        Assert.True(await router.SendAsync(effect, CancellationToken.None));

        var sent = Assert.Single(isEdge ? _world.Sip : links.SentTo("edge3"));
        Assert.Equal(("call-1/3/0", byWayOf), (sent.EffectId, sent.Bye.Dialog.Flow.EdgeNode));
    }

    [Fact]
    public async Task What_an_edge_that_stays_does_not_take_or_does_not_answer_waits_for_it()
    {
        var links = new Links(Edge("edge2"), Edge("edge3") with { Draining = true }) { Silent = "edge3" };
        var router = new EffectRouter(Options.NodeName, Options.EdgeGrace, links, _calls, _watch, _clock);
        router.Attach(_world, _world);

        Assert.False(await router.SendAsync(new SipEffect { Bye = new ByeLeg { Dialog = new Dialog { Flow = new Flow { EdgeNode = "edge2" } } } }, CancellationToken.None));
        Assert.False(await router.SendAsync(new SipEffect { Bye = new ByeLeg { Dialog = new Dialog { Flow = new Flow { EdgeNode = "edge3" } } } }, CancellationToken.None));
        Assert.Empty(_world.Sip);
    }

    [Fact]
    public async Task A_new_session_goes_to_the_chosen_node_which_is_named_in_the_order()
    {
        await SeeAsync(Node("own"));

        Assert.True(await _router.ApplyAsync(Open(), CancellationToken.None));
        Assert.Equal("own", Assert.Single(_world.Media).MediaNode);
    }

    [Fact]
    public async Task A_call_is_told_when_no_media_node_takes_sessions()
    {
        await SeeAsync(Node("own") with { Roles = [ClusterRoles.Actors] });

        Assert.True(await _router.ApplyAsync(Open(), CancellationToken.None));

        var told = Assert.Single(_calls.Told);
        Assert.Equal(("call-1/2/0/unplaced", ActorKindName.Call, "1", ""), (told.CommandId, told.To.Kind, told.To.Id, told.Call.MediaFailed.MediaNode));
        Assert.NotEmpty(told.Call.MediaFailed.Detail);
        _calls.Reply = new Reply { Unavailable = new Unavailable { Reason = UnavailableReason.Moved } };
        Assert.False(await _router.ApplyAsync(Open(), CancellationToken.None));
    }

    [Fact]
    public async Task Before_the_node_has_seen_the_cluster_a_new_session_waits() => Assert.False(await _router.ApplyAsync(Open(), CancellationToken.None));

    [Fact]
    public async Task What_is_for_a_session_that_nobody_has_told_of_is_void()
    {
        await SeeAsync(Node("own"));

        Assert.True(await _router.ApplyAsync(new MediaEffect { Session = "1", Close = new CloseMediaSession() }, CancellationToken.None));
        Assert.Empty(_world.Media);
    }

    [Fact]
    public async Task What_is_for_a_media_node_that_is_lost_is_void_and_lets_what_follows_pass()
    {
        await SeeAsync(Node("own"), Node("m2"));
        await SeeAsync(Node("own"));
        var effect = new MediaEffect { Session = "1", MediaNode = "m2", RemoveLeg = new RemoveMediaLeg { Leg = 1 } };

        Assert.False(await _router.ApplyAsync(effect, CancellationToken.None));
        _clock.Advance(Options.NodeGrace);
        Assert.True(await _router.ApplyAsync(effect, CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_leaves_waits_until_its_sessions_have_moved_unless_nobody_can_take_them()
    {
        await SeeAsync(Node("own") with { Draining = true });
        Assert.True(_router.EmptiedAsync(CancellationToken.None).IsCompleted);

        await SeeAsync(Node("own") with { Draining = true }, Node("m2"));
        var emptied = _router.EmptiedAsync(CancellationToken.None);
        Assert.False(emptied.IsCompleted);
        _world.Load = 0;
        while (!emptied.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    [Fact]
    public void Load_is_told_by_media_nodes_only()
    {
        Assert.Equal(7, _router.MediaLoad);
        _router.Attach(_world, null);
        Assert.Null(_router.MediaLoad);
    }

    [Fact]
    public void A_media_node_that_was_cut_off_asks_the_calls_of_its_sessions_when_it_is_back()
    {
        _router.Joined();
        Assert.Equal(0, _world.SessionChecks);
        _router.Joined();
        Assert.Equal(1, _world.SessionChecks);
    }

    private static MediaEffect Open() => new() { EffectId = "call-1/2/0", Session = "1", Open = new OpenMediaSession() };

    private static ClusterNode Node(string name) => new(1, name, new Uri("http://127.0.0.1:9"), [ClusterRoles.Media], "", "", DateTimeOffset.UnixEpoch, false);

    private static ClusterNode Edge(string name) => Node(name) with { Roles = [ClusterRoles.Edge] };

    private Task SeeAsync(params ClusterNode[] nodes)
    {
        _watch.Update(nodes);
        return _streams.UpdateAsync(new ClusterView(nodes, []));
    }

    private sealed class Calls : ICommandRouter
    {
        public List<Command> Told { get; } = [];

        public Reply Reply { get; set; } = new() { Accepted = new Accepted() };

        public ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken)
        {
            Told.Add(command);
            return new(Reply);
        }
    }

    /// <summary>Nodes of which edge2 takes nothing and one may be silent.</summary>
    private sealed class Links(params ClusterMember[] members) : INodeLinks
    {
        private readonly List<(string Node, SipEffect Effect)> _sent = [];

        public IReadOnlyList<ClusterMember> Members => members;

        public string Silent { get; init; } = "";

        public IEnumerable<SipEffect> SentTo(string node) => _sent.Where(sent => sent.Node == node).Select(sent => sent.Effect);

        public ValueTask<NodeReply?> SendAsync(ClusterMember member, NodeRequest request)
        {
            if (member.Name == Silent)
            {
                return new((NodeReply?)null);
            }

            _sent.Add((member.Name, request.Sip));
            return new(new NodeReply { Taken = member.Name != "edge2" });
        }
    }
}
