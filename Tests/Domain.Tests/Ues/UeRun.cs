using Mcptt.Domain.Tests.Laws;
using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Ues;

/// <summary>One user, as edge and groups see it.</summary>
internal sealed class UeRun
{
    public const string Alice = "sip:alice@example.org";
    public const string Brigade = "sip:brigade@example.org";
    public const string Rescue = "sip:rescue@example.org";

    public ActorRun<UeState> Run { get; } = new(new UeKind(), Alice);

    public Decision Decision { get; private set; } = Decision.AlreadySo;

    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public IEnumerable<(string Group, Affiliate Affiliate)> Affiliates =>
        ToGroups.Where(command => command.Group.Affiliate is not null).Select(command => (command.To.Id, command.Group.Affiliate));

    public IEnumerable<(string Group, Deaffiliate Deaffiliate)> Deaffiliates =>
        ToGroups.Where(command => command.Group.Deaffiliate is not null).Select(command => (command.To.Id, command.Group.Deaffiliate));

    public IEnumerable<NotifyAffiliation> Notifies => Effects.Where(effect => effect.Sip is not null).Select(effect => effect.Sip.NotifyAffiliation);

    public UeView View => Run.Kind.Decide(Run.State, new Command { Ue = new UeCommand { GetUe = new GetUe() } }).Accepted.Ue;

    private IEnumerable<Command> ToGroups => Effects.Where(effect => effect.Command is not null).Select(effect => effect.Command);

    public UeRun Known(Action<UserProfile>? change = null)
    {
        var profile = new UserProfile { McpttId = Alice, Ha1 = { ["MD5"] = "00" } };
        change?.Invoke(profile);
        return Send(new UeCommand { PutUser = new PutUser { Profile = profile } });
    }

    public UeRun Register(string client = "c1", uint expires = 3600, uint cseq = 1, string callId = "reg", Action<Register>? change = null)
    {
        var register = new Register
        {
            Client = new ClientContact { McpttId = Alice, ClientId = client, ContactUri = $"sip:alice@{client}", McpttClient = true },
            ExpiresS = expires,
            SipCallId = callId + client,
            Cseq = cseq,
        };
        change?.Invoke(register);
        return Send(new UeCommand { Register = register });
    }

    public UeRun Publish(string client, params string[] groups) => Publish(client, uint.MaxValue, groups);

    public UeRun Publish(string client, uint expires, params string[] groups)
    {
        var publish = new PublishAffiliation { ClientId = client, ExpiresS = expires };
        publish.GroupIds.Add(groups);
        return Send(new UeCommand { PublishAffiliation = publish });
    }

    public UeRun Outcome(string group, bool affiliated, RejectionCode reason = RejectionCode.Unspecified, string client = "c1") =>
        Send(new UeCommand { AffiliationOutcome = new AffiliationOutcome { GroupId = group, ClientId = client, Affiliated = affiliated, Reason = reason } });

    public UeRun Implicit(string group, bool isImplicit = true) =>
        Send(new UeCommand { SetImplicitAffiliation = new SetImplicitAffiliation { GroupId = group, Implicit = isImplicit } });

    public UeRun Subscribe(uint expires = 3600, uint cseq = 1, string callId = "sub", string toTag = "") =>
        Send(new UeCommand
        {
            SubscribeAffiliation = new SubscribeAffiliation
            {
                Request = new SipRequest
                {
                    Method = "SUBSCRIBE",
                    CallId = callId,
                    Cseq = cseq,
                    From = $"<{Alice}>;tag=w",
                    To = $"<{Alice}>" + (toTag.Length > 0 ? ";tag=" + toTag : ""),
                },
                ContactUri = "sip:alice@192.0.2.1",
                ExpiresS = expires,
            },
        });

    public UeRun Send(UeCommand ue)
    {
        (Decision, Effects) = Run.Send(command => command.Ue = ue);
        return this;
    }

    public UeRun Advance(double seconds)
    {
        Effects = Run.Advance(TimeSpan.FromSeconds(seconds));
        return this;
    }
}
