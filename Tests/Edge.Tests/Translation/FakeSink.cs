using System.Collections.Concurrent;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Tests.Translation;

/// <summary>Records commands and answers them by rule; Ue queries from a table of users.</summary>
internal sealed class FakeSink : ICommandSink
{
    private readonly ConcurrentQueue<Command> _commands = new();

    public Dictionary<string, UeView> Users { get; } = [];

    /// <summary>Profiles with passwords, for digest.</summary>
    public Dictionary<string, UserProfile> Profiles { get; } = [];

    public Func<Command, Reply> Answer { get; set; } = _ => Accept();

    /// <summary>Commands that change something, in order.</summary>
    public IReadOnlyList<Command> Commands => [.. _commands];

    public static Reply Accept(Accepted? payload = null) => new() { Accepted = payload ?? new Accepted() };

    public static Reply Reject(RejectionCode code, string detail = "") => new() { Rejection = new Rejection { Code = code, Detail = detail } };

    public static Reply Unavailable(UnavailableReason reason) => new() { Unavailable = new Unavailable { Reason = reason } };

    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
    {
        if (command.Ue?.GetUe is not null)
        {
            return new(Users.TryGetValue(command.To.Id, out var view) ? Accept(new Accepted { Ue = view }) : Reject(RejectionCode.UserUnknown));
        }

        if (command.Ue?.GetSubscriber is not null)
        {
            return new(
                Profiles.TryGetValue(command.To.Id, out var profile)
                    ? Accept(new Accepted { Subscriber = new SubscriberView { Profile = profile } })
                    : Reject(RejectionCode.UserUnknown));
        }

        _commands.Enqueue(command);
        return new(Answer(command));
    }
}
