using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Tests;

/// <summary>Stands for the actors: keeps documents in memory, notes every command, and can be made to refuse.</summary>
internal sealed class RecordingServer : ICommandSink, IActorCatalog, IServerHealth
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, GroupDocument> _groups = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, UserProfile> _users = new(StringComparer.Ordinal);

    public List<Command> Commands { get; } = [];

    public Dictionary<string, CallView> Calls { get; } = [];

    public Dictionary<string, FloorView> Floors { get; } = [];

    /// <summary>When set, every command gets this.</summary>
    public Reply? Always { get; set; }

    public bool CatalogFails { get; set; }

    public bool Ready { get; set; } = true;

    public UserProfile User(string id)
    {
        lock (_gate)
        {
            return _users[id];
        }
    }

    public async ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            Commands.Add(command);
            return Always ?? Decide(command);
        }
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(ActorKindName kind, ActorScope scope, string after, int limit, CancellationToken cancellationToken)
    {
        if (CatalogFails)
        {
            throw new DirectoryUnavailableException("the journal cannot be read");
        }

        lock (_gate)
        {
            IEnumerable<string> ids = kind switch
            {
                ActorKindName.Group => _groups.Keys.Append("sip:gone@example.org").Order(StringComparer.Ordinal),
                ActorKindName.Ue => _users.Keys,
                _ => Calls.Keys.Order(StringComparer.Ordinal),
            };
            return new([.. ids.Where(id => string.CompareOrdinal(id, after) > 0).Take(limit)]);
        }
    }

    public IReadOnlyList<HealthCheck> Check() => [new("journal", Ready, Ready ? "" : "disk full")];

    private Reply Decide(Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Group => Decide(command.To.Id, command.Group),
            Command.BodyOneofCase.Ue => Decide(command.To.Id, command.Ue),
            Command.BodyOneofCase.Call => Calls.TryGetValue(command.To.Id, out var call)
                ? Accept(new Accepted { Call = call })
                : Reject(RejectionCode.CallUnknown, "no such call"),
            _ => Floors.TryGetValue(command.To.Id, out var floor)
                ? Accept(new Accepted { Floor = floor })
                : Reject(RejectionCode.CallUnknown, "no such floor"),
        };

    private Reply Decide(string id, GroupCommand command)
    {
        if (command.PutGroup is { } put)
        {
            _groups[id] = put.Document;
            return Accept(new Accepted());
        }

        if (!_groups.TryGetValue(id, out var document))
        {
            return Reject(RejectionCode.GroupUnknown, $"group {id} is not known");
        }

        if (command.RemoveGroup is not null)
        {
            _groups.Remove(id);
            return Accept(new Accepted());
        }

        return Accept(new Accepted { Group = new GroupView { Document = document, Call = "0123456789abcdef01234567" } });
    }

    private Reply Decide(string id, UeCommand command)
    {
        if (command.PutUser is { } put)
        {
            _users[id] = put.Profile;
            return Accept(new Accepted());
        }

        if (!_users.TryGetValue(id, out var profile))
        {
            return Reject(RejectionCode.UserUnknown, $"user {id} is not known");
        }

        switch (command.BodyCase)
        {
            case UeCommand.BodyOneofCase.RemoveUser:
                _users.Remove(id);
                return Accept(new Accepted());
            case UeCommand.BodyOneofCase.GetSubscriber:
                return Accept(new Accepted { Subscriber = new SubscriberView { Profile = profile } });
            default:
                return Accept(new Accepted { Ue = new UeView { Profile = profile, Bindings = { Binding(id) } } });
        }
    }

    private static Binding Binding(string id) =>
        new()
        {
            Client = new ClientContact
            {
                McpttId = id,
                ClientId = "client-1",
                ContactUri = "sip:alice@192.0.2.1:5060",
                Flow = new Flow { EdgeNode = "edge-1", Transport = Transport.Udp, Remote = "192.0.2.1:5060" },
            },
            ExpiresAtUs = 1_700_000_000_000_000,
        };

    private static Reply Accept(Accepted accepted) => new() { Accepted = accepted };

    private static Reply Reject(RejectionCode code, string detail) => new() { Rejection = new Rejection { Code = code, Detail = detail } };
}
