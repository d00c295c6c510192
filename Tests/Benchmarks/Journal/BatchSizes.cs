using System.Diagnostics.Metrics;

namespace Mcptt.Benchmarks.Journal;

/// <summary>Listens to the journal's histogram of appends per transaction.</summary>
internal sealed class BatchSizes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<int> _sizes = [];

    public BatchSizes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "mcptt.journal.batch")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            lock (_sizes)
            {
                _sizes.Add(size);
            }
        });
        _listener.Start();
    }

    public double Average => Taken is { Count: > 0 } sizes ? sizes.Average() : 0;

    /// <summary>Each since <see cref="Reset"/>, in the order in which they were written.</summary>
    public IReadOnlyList<int> Taken
    {
        get
        {
            lock (_sizes)
            {
                return [.. _sizes];
            }
        }
    }

    public void Reset()
    {
        lock (_sizes)
        {
            _sizes.Clear();
        }
    }

    public void Dispose() => _listener.Dispose();
}
