using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// The events of one decision as they come about, and the state they lead to so far: the second rule of a decision sees what the
/// first one did. It lives within one call of Decide.
/// </summary>
internal sealed class FloorDraft(FloorState.Open state, long nowUs)
{
    private readonly List<DomainEvent> _events = [];
    private FloorState _state = state;

    public long NowUs { get; } = nowUs;

    public IReadOnlyList<DomainEvent> Events => _events;

    public FloorState.Open State => (FloorState.Open)_state;

    public FloorSession Session => State.Session;

    public FloorRules Rules => Session.Rules;

    public FloorState.Taken? Taken => _state as FloorState.Taken;

    public long After(uint durationMs) => NowUs + (durationMs * 1000L);

    public void Add(FloorEvent body)
    {
        var happened = new DomainEvent { TimeUs = NowUs, Floor = body };
        _events.Add(happened);
        _state = FloorEvolver.Evolve(_state, happened);
    }
}
