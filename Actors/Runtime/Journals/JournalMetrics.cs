using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Actors.Journals;

/// <summary>What the journal's writer does, under the meter of the runtime.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;
    private readonly Counter<long> _appends;
    private readonly Counter<long> _failed;

    /// <param name="factory">Null: a meter of no server in particular.</param>
    public JournalMetrics(IMeterFactory? factory = null)
    {
        _meter = Meters.Of(factory, EngineMetrics.MeterName);
        _batch = _meter.Size("mcptt.journal.batch", "{appends}", "Appends and notes in one transaction");
        _commit = _meter.Duration("mcptt.journal.commit.duration", "Time to write one transaction until the database says that it is durable", Meters.LatencySeconds);
        _appends = _meter.CreateCounter<long>("mcptt.journal.appends", "{appends}", "Appends that were handed to the database, each the events of one command");
        _failed = _meter.CreateCounter<long>("mcptt.journal.failed", "{batches}", "Transactions that could not be written");
    }

    /// <param name="waiting">Appends and notes that wait for the writer.</param>
    /// <param name="isFailing">Whether the last batch could not be written.</param>
    public void Watch(Func<int> waiting, Func<bool> isFailing)
    {
        _meter.CreateObservableGauge("mcptt.journal.queue", waiting, "{appends}", "Appends and notes that wait for the writer");
        _meter.CreateObservableGauge("mcptt.journal.failing", () => isFailing() ? 1 : 0, null, "1 while the journal cannot write");
    }

    public void BatchWritten(int size, int appends, TimeSpan taken)
    {
        _batch.Record(size);
        _appends.Add(appends);
        _commit.Record(taken.TotalSeconds);
    }

    public void BatchFailed() => _failed.Add(1);

    public void Dispose() => _meter.Dispose();
}
