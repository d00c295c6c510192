using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>One actor on a stage, whatever its kind.</summary>
internal abstract class StageActor
{
    public abstract ActorTimer? NextTimer();

    public abstract (IReadOnlyList<EventEnvelope> Events, IReadOnlyList<Effect> Effects) Take(Command command);
}

internal sealed class StageActor<TState>(ActorKind<TState> kind, string id) : StageActor
{
    private TState _state = kind.Initial(id);
    private uint _unrecorded;

    public override ActorTimer? NextTimer() =>
        kind.Timers(_state).OrderBy(timer => timer.DueUs).ThenBy(timer => timer.Name, StringComparer.Ordinal).Select(timer => (ActorTimer?)timer).FirstOrDefault();

    public override (IReadOnlyList<EventEnvelope> Events, IReadOnlyList<Effect> Effects) Take(Command command)
    {
        command.Unrecorded = _unrecorded;
        var decision = kind.Decide(_state, command);
        _unrecorded = decision.TellsCount ? 0 : decision.IsCounted ? _unrecorded + 1 : _unrecorded;
        var events = new List<EventEnvelope>();
        var effects = new List<Effect>();
        foreach (var happened in decision.Events.Select(decided => DomainEvent.Parser.ParseFrom(decided.ToByteArray())))
        {
            _state = kind.Evolve(_state, happened);
            effects.AddRange(kind.React(_state, happened));
            events.Add(new EventEnvelope
            {
                Event = happened,
                CommandId = command.CommandId,
                CorrelationId = command.CorrelationId,
                OnBehalfOf = command.OnBehalfOf,
                Index = (uint)events.Count,
                Count = (uint)decision.Events.Count,
            });
        }

        return (events, effects);
    }
}
