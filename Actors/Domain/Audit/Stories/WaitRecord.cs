using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Who waited for the floor, at which places, and what became of it.</summary>
internal sealed class WaitRecord
{
    private readonly List<StoryWait> _waits = [];

    public ImmutableArray<StoryWait> All() => [.. _waits];

    /// <summary>A request of a leg that waits already, with another rank, is the same wait.</summary>
    public void Begin(AcceptedFloorRequest request, LegRecord legs, long timeUs)
    {
        var at = Open(request.Leg);
        if (at < 0)
        {
            _waits.Add(new StoryWait { Leg = request.Leg, User = legs.UserOf(request.Leg), FromUs = timeUs });
            at = _waits.Count - 1;
        }

        _waits[at] = _waits[at] with { Class = request.Class, Priority = request.Priority, Preemptive = request.Preemptive };
    }

    /// <returns>False: it did not wait.</returns>
    public bool End(uint leg, string outcome, long timeUs, bool granted = false)
    {
        var at = Open(leg);
        if (at < 0)
        {
            return false;
        }

        _waits[at] = _waits[at] with { UntilUs = timeUs, Outcome = outcome, Granted = granted };
        return true;
    }

    public void EndAll(string outcome, long timeUs)
    {
        foreach (var wait in _waits.Where(wait => wait.UntilUs is null).ToList())
        {
            End(wait.Leg, outcome, timeUs);
        }
    }

    public void SetPositions(ImmutableList<AcceptedFloorRequest> queue, long timeUs)
    {
        for (var index = 0; index < queue.Count; index++)
        {
            var at = Open(queue[index].Leg);
            if (at >= 0 && _waits[at].PositionAt(long.MaxValue) != index + 1)
            {
                _waits[at] = _waits[at] with { Positions = _waits[at].Positions.Add(new StoryPosition(timeUs, index + 1)) };
            }
        }
    }

    private int Open(uint leg) => _waits.FindLastIndex(wait => wait.Leg == leg && wait.UntilUs is null);
}
