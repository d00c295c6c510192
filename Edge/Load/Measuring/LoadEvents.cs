namespace Mcptt.Load.Measuring;

/// <summary>What happened during a run that explains its figures: phases, servers that went and came. Bounded: later ones are only counted.</summary>
internal sealed class LoadEvents(TimeProvider time)
{
    public const int MaxEvents = 500;

    private readonly Lock _gate = new();
    private readonly List<LoadEvent> _events = [];
    private long _started = time.GetTimestamp();

    public int Omitted { get; private set; }

    /// <summary>Times count from here.</summary>
    public void Begin() => _started = time.GetTimestamp();

    public void Add(string text, bool isTrouble = false)
    {
        lock (_gate)
        {
            if (_events.Count == MaxEvents)
            {
                Omitted++;
                return;
            }

            _events.Add(new LoadEvent(time.GetElapsedTime(_started).TotalSeconds, text, isTrouble));
        }
    }

    public IReadOnlyList<LoadEvent> Snapshot()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }
}

/// <param name="Seconds">Since the run began.</param>
public sealed record LoadEvent(double Seconds, string Text, bool Trouble);
