using System.Diagnostics.Metrics;
using Mcptt.Actors.Journals;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>Archives by the clock for as long as the server runs. A run that fails is told and tried again at its next time; calls never wait for it. Of several servers that share a journal one archives.</summary>
public sealed class RetentionJob : IAsyncDisposable
{
    // A timer of the system waits for 49 days at most; looking once a day costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CallArchiver _archiver;
    private readonly RetentionSchedule _schedule;
    private readonly IJournalDuty _duty;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ArchiveMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public RetentionJob(CallArchiver archiver, RetentionSchedule schedule, TimeProvider time, ILogger logger, IJournalDuty? duty = null, IMeterFactory? meters = null)
    {
        _metrics = new ArchiveMetrics(meters);
        _duty = duty ?? SoleDuty.Instance;
        _archiver = archiver;
        _schedule = schedule;
        _time = time;
        _logger = logger;
    }

    public void Start() => _running = RunAsync(_stopping.Token);

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _running;
        await _duty.DisposeAsync();
        _stopping.Dispose();
        _metrics.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            for (var next = _schedule.Next(_time.GetUtcNow()); ; next = _schedule.Next(_time.GetUtcNow()))
            {
                for (var wait = next - _time.GetUtcNow(); wait > TimeSpan.Zero; wait = next - _time.GetUtcNow())
                {
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, stopping);
                }

                await RunOnceAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Whatever was begun is ended by the next run.
        }
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        try
        {
            if (!await _duty.IsMineAsync(stopping))
            {
                return;
            }

            var report = await _archiver.RunAsync(null, stopping);
            _metrics.Moved(report.Calls);
            _logger.LogInformation(
                "Archived {Calls} calls with {Rows} events into {Files} files; of those that are old enough {NotSealed} are not sealed, {NotEnded} not ended, {Recorded} recorded, {Unreadable} unreadable",
                report.Calls,
                report.Rows,
                report.Files.Count,
                report.NotSealed,
                report.NotEnded,
                report.Recorded,
                report.Unreadable);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // Supervision: archiving is not what calls need; it is tried again at its next time.
            _metrics.Failed();
            if (failure is ArchiveException or JournalReadException or JournalPruneException)
            {
                _logger.LogError("Archiving ends early: {Reason}", failure.Message);
            }
            else
            {
                _logger.LogError(failure, "Archiving ends early");
            }
        }
    }
}
