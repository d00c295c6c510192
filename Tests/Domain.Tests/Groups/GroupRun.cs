using Mcptt.Domain.Groups;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Groups;

/// <summary>One group, as users, edge and calls see it.</summary>
internal sealed class GroupRun
{
    public const string Id = "sip:brigade@example.org";

    public ActorRun<GroupState> Run { get; } = new(new GroupKind(), Id);

    public Decision Decision { get; private set; } = Decision.AlreadySo;

    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public GroupView View => Run.Kind.Decide(Run.State, new Command { Group = new GroupCommand { GetGroup = new GetGroup() } }).Accepted.Group;

    public IEnumerable<(string User, AffiliationOutcome Outcome)> Outcomes =>
        ToUes.Where(command => command.Ue.AffiliationOutcome is not null).Select(command => (command.To.Id, command.Ue.AffiliationOutcome));

    public IEnumerable<(string User, bool Implicit)> Implicits =>
        ToUes.Where(command => command.Ue.SetImplicitAffiliation is not null).Select(command => (command.To.Id, command.Ue.SetImplicitAffiliation.Implicit));

    public IEnumerable<(string Call, CallCommand Command)> ToCalls =>
        Effects.Where(effect => effect.Command?.Call is not null).Select(effect => (effect.Command.To.Id, effect.Command.Call));

    private IEnumerable<Command> ToUes => Effects.Where(effect => effect.Command?.Ue is not null).Select(effect => effect.Command);

    public static string User(string name) => $"sip:{name}@example.org";

    public static GroupDocument Document(Action<GroupDocument>? change = null)
    {
        var document = new GroupDocument { GroupId = Id, SessionType = SessionType.Prearranged };
        document.Members.Add(new[] { "alice", "bob", "carol" }.Select(name => new GroupMember { McpttId = User(name), UserPriority = 5 }));
        change?.Invoke(document);
        return document;
    }

    public GroupRun Put(Action<GroupDocument>? change = null) => Send(new GroupCommand { PutGroup = new PutGroup { Document = Document(change) } });

    public GroupRun Affiliate(string name, string client = "1", Action<ClientContact>? change = null)
    {
        var contact = new ClientContact { McpttId = User(name), ClientId = client, ContactUri = $"sip:{name}@{client}", McpttClient = true };
        change?.Invoke(contact);
        return Send(new GroupCommand { Affiliate = new Affiliate { Client = contact } });
    }

    public GroupRun Deaffiliate(string name, string client = "1", bool keepInCall = false) =>
        Send(new GroupCommand { Deaffiliate = new Deaffiliate { McpttId = User(name), ClientId = client, KeepInCall = keepInCall } });

    public GroupRun Call(string name, string call = "call1", string client = "1", bool mcptt = true, SessionType type = SessionType.Prearranged, string bounced = "", bool emergency = false, bool peril = false) =>
        Send(new GroupCommand
        {
            RouteGroupCall = new RouteGroupCall
            {
                NewCallId = call,
                BouncedCall = bounced,
                Invite = new IncomingInvite
                {
                    McpttId = User(name),
                    ClientId = client,
                    ContactUri = $"sip:{name}@invite",
                    SessionType = type,
                    Target = Id,
                    Emergency = emergency,
                    ImminentPeril = peril,
                    Request = new SipRequest { CallId = name + call, McpttClient = mcptt, Flow = new Flow { EdgeNode = "e1", Remote = "192.0.2.9:5060" } },
                },
            },
        });

    /// <summary>As often as this the user tries to call.</summary>
    public GroupRun Attempts(int times, string name, string client = "1")
    {
        for (var attempt = 0; attempt < times; attempt++)
        {
            Call(name, client: client);
        }

        return this;
    }

    public GroupRun After(TimeSpan time)
    {
        Effects = Run.Advance(time);
        return this;
    }

    public IEnumerable<GroupEvent> Stored => Run.Events.Select(happened => happened.Group);

    public GroupRun Ended(string call) => Send(new GroupCommand { CallEnded = new CallEnded { Call = call } });

    public GroupRun Send(GroupCommand group)
    {
        (Decision, Effects) = Run.Send(command => command.Group = group);
        return this;
    }
}
