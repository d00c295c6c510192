using Mcptt.Domain;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Inward;

/// <summary>Commands of this node: id <c>media:{node}:{start of the node, us}:{counter}</c>, so that no two are the same, not even over a restart.</summary>
internal sealed class CommandStamp(string nodeName, TimeProvider time)
{
    private readonly long _startUs = UnixTime.UsOf(time.GetUtcNow());
    private long _counter;

    public long StartUs => _startUs;

    public long NowUs() => UnixTime.UsOf(time.GetUtcNow());

    public Command ToFloor(string session, string correlationId, FloorCommand body) =>
        Stamp(ActorAddresses.Floor(session), correlationId, new Command { Floor = body });

    public Command ToCall(string session, string correlationId, CallCommand body) =>
        Stamp(ActorAddresses.Call(session), correlationId, new Command { Call = body });

    private Command Stamp(ActorAddress to, string correlationId, Command command)
    {
        command.CommandId = $"media:{nodeName}:{_startUs}:{Interlocked.Increment(ref _counter)}";
        command.To = to;
        command.TimeUs = UnixTime.UsOf(time.GetUtcNow());
        command.CorrelationId = correlationId;
        command.TraceParent = Traces.Current;
        return command;
    }
}
