using System.Diagnostics.Metrics;

namespace Mcptt.Actors.Journals;

/// <summary>Counters of the journal's writer, under the meter of the runtime.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Histogram<int> _batch;
    private readonly Counter<long> _failed;

    public JournalMetrics()
    {
        _batch = _meter.CreateHistogram<int>("mcptt.journal.batch", "{appends}", "Appends and notes in one transaction");
        _failed = _meter.CreateCounter<long>("mcptt.journal.failed", "{batches}", "Transactions that could not be written");
    }

    public void BatchWritten(int size) => _batch.Record(size);

    public void BatchFailed() => _failed.Add(1);

    public void Dispose() => _meter.Dispose();
}
