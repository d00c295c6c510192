using System.Diagnostics.Metrics;

namespace Mcptt.Benchmarks.Journal;

/// <summary>Listens to the journal's histogram of appends per transaction.</summary>
internal sealed class BatchSizes : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;
    private long _count;

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
            Interlocked.Add(ref _sum, size);
            Interlocked.Increment(ref _count);
        });
        _listener.Start();
    }

    public double Average => (double)Interlocked.Read(ref _sum) / Math.Max(1, Interlocked.Read(ref _count));

    public void Reset()
    {
        Interlocked.Exchange(ref _sum, 0);
        Interlocked.Exchange(ref _count, 0);
    }

    public void Dispose() => _listener.Dispose();
}
