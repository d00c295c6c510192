using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Translation;

/// <summary>Makes commands: whatever a decider may not find out by itself is stamped here, once.</summary>
internal sealed class CommandStamp(TimeProvider time)
{
    public long NowUs => UnixTime.UsOf(time.GetUtcNow());

    public Command Ue(Cause cause, string mcpttId, UeCommand body) => Stamp(cause, Domain.ActorAddresses.Ue(mcpttId), command => command.Ue = body);

    public Command Group(Cause cause, string groupId, GroupCommand body) => Stamp(cause, Domain.ActorAddresses.Group(groupId), command => command.Group = body);

    public Command Call(Cause cause, string callId, CallCommand body) => Stamp(cause, Domain.ActorAddresses.Call(callId), command => command.Call = body);

    private Command Stamp(Cause cause, ActorAddress to, Action<Command> setBody)
    {
        var command = new Command
        {
            CommandId = cause.CommandId,
            To = to,
            TimeUs = NowUs,
            CorrelationId = cause.CorrelationId,
            OnBehalfOf = cause.OnBehalfOf,
            TraceParent = Traces.Current,
        };
        setBody(command);
        return command;
    }
}

/// <summary>Why a command is sent: its id is made from this cause, so that a repetition is recognised.</summary>
internal readonly record struct Cause(string CommandId, string CorrelationId, string OnBehalfOf)
{
    public Cause With(string suffix) => this with { CommandId = $"{CommandId}:{suffix}" };
}
