using Mcptt.Testing.Postgres;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Calls;
using Mcptt.Domain;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>What comes for a call long after it was moved: a phone that says BYE a month later, an INVITE that is repeated.</summary>
public abstract class ArchivedCallConformance : ArchiveConformance
{
    private static IEnumerable<Command> LateCommands()
    {
        var invite = new IncomingInvite { Request = new SipRequest { Method = "INVITE", CallId = "late", Cseq = 1 }, Target = "sip:g@example.org", SdpOffer = Phones.Sdp.Offer };
        var member = new CallMember { Client = new ClientContact { McpttId = "sip:late@example.org", ClientId = "phone" } };
        foreach (var (name, body) in new (string, CallCommand)[]
        {
            ("a BYE", new() { LegBye = new LegBye { Leg = 1, SipCallId = "c1", Cseq = 2 } }),
            ("an ACK", new() { LegAcknowledged = new LegAcknowledged { Leg = 1 } }),
            ("a CANCEL", new() { LegCancelled = new LegCancelled { SipCallId = "late", Cseq = 1 } }),
            ("a re-INVITE", new() { LegReoffered = new LegReoffered { Leg = 1, SipCallId = "c1", Cseq = 3 } }),
            ("an answer", new() { LegAnswered = new LegAnswered { Leg = 2 } }),
            ("a failure", new() { LegFailed = new LegFailed { Leg = 2, Status = 486 } }),
            ("a lost ACK", new() { LegNotAcknowledged = new LegNotAcknowledged { Leg = 2 } }),
            ("a repeated start", new() { Initiate = new InitiateCall { Invite = invite, Rules = new CallRules { GroupId = "sip:g@example.org" } } }),
            ("a join", new() { Join = new JoinCall { Invite = invite, Member = member } }),
            ("a late entry", new() { InviteClient = new InviteClient { Member = member } }),
            ("a media node's answer", new() { MediaOpened = new MediaSessionOpened() }),
            ("a media node's failure", new() { MediaFailed = new MediaSessionFailed { Detail = "gone" } }),
            ("silence on the floor", new() { FloorInactive = new FloorInactive() }),
            ("a release", new() { Release = new ReleaseCall { Reason = "operator" } }),
            ("a question", new() { GetCall = new GetCall() }),
        })
        {
            yield return new Command { CommandId = "late " + name, To = new ActorAddress { Kind = ActorKindName.Call }, Call = body };
        }

        foreach (var (name, body) in new (string, FloorCommand)[]
        {
            ("an opening of the floor", new() { Open = new OpenFloor { MediaNode = "m1", Rules = new FloorRules() } }),
            ("a closing of the floor", new() { Close = new CloseFloor() }),
            ("a floor request", new() { Request = new RequestFloor { Leg = 1 } }),
            ("a floor release", new() { Release = new ReleaseFloor { Leg = 1 } }),
            ("voice", new() { MediaStarted = new MediaStarted { Leg = 1 } }),
            ("a participant", new() { AddParticipant = new AddParticipant() }),
        })
        {
            yield return new Command { CommandId = "late " + name, To = new ActorAddress { Kind = ActorKindName.Floor }, Floor = body };
        }

        var timer = new TimerFired { Name = "max-duration", DueUs = 1 };
        yield return new Command { CommandId = "late timer", To = new ActorAddress { Kind = ActorKindName.Call }, Timer = timer };
    }

    [SuiteFact]
    [Clause("RFC3261 12.2.2")]
    public async Task Whatever_comes_for_an_archived_call_is_answered_as_for_one_that_is_unknown_and_writes_nothing()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(8);
        var id = scene.Workload.Ended.First(id => scene.HasFloorAsync(id).GetAwaiter().GetResult());
        await scene.ArchiveAsync();
        var before = await Reading.AllAsync(scene.Composite);
        await using var engine = Engine(scene);
        await engine.StartAsync(default);
        foreach (var late in LateCommands())
        {
            late.To.Id = id;

            var reply = await engine.SendAsync(late, default);

            Assert.True(reply.Rejection?.Code == RejectionCode.CallUnknown, $"{late.CommandId}: {reply}");
            Assert.Equal(before.Count(IsOf), (await Reading.AllAsync(scene.Composite)).Count(IsOf));
        }

        bool IsOf(string row) => row.Contains(id);
    }

    [SuiteFact]
    public async Task Who_still_has_the_call_in_memory_cannot_write_for_it_any_more()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(8);
        var id = scene.Workload.Ended[0];
        await using var engine = Engine(scene);
        await engine.StartAsync(default);
        Assert.Equal(Reply.OutcomeOneofCase.Accepted, (await engine.SendAsync(Of(id, "look", new() { GetCall = new GetCall() }), default)).OutcomeCase);
        await scene.ArchiveAsync();
        var before = await Reading.AllAsync(scene.Composite);
        var invite = new IncomingInvite { Request = new SipRequest { Method = "INVITE", CallId = "late", Cseq = 1 }, Target = "sip:g@example.org" };
        var join = new CallCommand { Join = new JoinCall { Invite = invite, Member = new CallMember { Client = new ClientContact { McpttId = "sip:x@example.org" } } } };

        var first = await engine.SendAsync(Of(id, "join", join), default);
        var second = await engine.SendAsync(Of(id, "join", join), default);

        Assert.Equal(RejectionCode.CallUnknown, first.Rejection?.Code);
        Assert.Equal(RejectionCode.CallUnknown, second.Rejection?.Code);
        Assert.Equal(before, await Reading.AllAsync(scene.Composite));
    }

    [SuiteFact]
    public async Task The_living_are_recovered_as_they_were()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(40);
        var before = await ViewsAsync(scene);

        Assert.True((await scene.ArchiveAsync()).Calls > 20);

        Assert.True(before.Count > 5);
        Assert.Equal(before, await ViewsAsync(scene));
    }

    private static async Task<List<string>> ViewsAsync(ArchiveScene scene)
    {
        await using var engine = Engine(scene);
        await engine.StartAsync(default);
        var views = new List<string>();
        foreach (var id in scene.Workload.Unfinished)
        {
            views.Add((await engine.SendAsync(Of(id, "look", new() { GetCall = new GetCall() }), default)).Accepted.ToString());
        }

        return views;
    }

    private static LocalEngine Engine(ArchiveScene scene) =>
        new(new ActorKinds().Add(new CallKind()).Add(new FloorKind()), scene.Journal, new EngineOptions { SweepInterval = TimeSpan.FromHours(1) }, scene.Clock, NullLoggerFactory.Instance);

    private static Command Of(string callId, string commandId, CallCommand body) => new() { CommandId = commandId, To = ActorAddresses.Call(callId), Call = body };
}

public sealed class SqliteArchivedCallTests : ArchivedCallConformance
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);
}

public sealed class PostgresArchivedCallTests : ArchivedCallConformance
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => PostgresAsync();
}
