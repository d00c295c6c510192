using Mcptt.Domain.Ports;
using Mcptt.Media.Inward;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// Deletes recordings that are older than they may be, and the oldest ones when the disk is full and the site wants that. The call is told first: what it does
/// not take is not deleted, so that a file which is missing without an event was not deleted by us.
/// </summary>
internal sealed class RecordingSweep : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1);

    /// <summary>Room is made this part of <see cref="RecordingOptions.MinFreeOctets"/> before recording would stop.</summary>
    private const int MarginDivisor = 8;

    private readonly RecordingOptions _options;
    private readonly RecordingFolder _folder;
    private readonly string _node;
    private readonly ICommandSink _sink;
    private readonly CommandStamp _stamp;
    private readonly MediaNodeCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private Task _sweeping = Task.CompletedTask;
    private long? _sweptAt;

    public RecordingSweep(RecordingOptions options, RecordingFolder folder, string node, ICommandSink sink, CommandStamp stamp, MediaNodeCounters counters, TimeProvider time, ILogger logger) =>
        (_options, _folder, _node, _sink, _stamp, _counters, _time, _logger) = (options, folder, node, sink, stamp, counters, time, logger);

    public void Start()
    {
        if (_options.Retention > TimeSpan.Zero || _options.WhenDiskIsFull == WhenDiskIsFull.DropOldest)
        {
            _timer = _time.CreateTimer(_ => OnTick(), null, Interval, Interval);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await _stopping.CancelAsync();
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void OnTick()
    {
        if (_sweeping.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _sweeping = SweepAsync();
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            var now = _time.GetTimestamp();
            if (_options.Retention > TimeSpan.Zero && (_sweptAt is not { } swept || _time.GetElapsedTime(swept, now) >= RetentionInterval))
            {
                _sweptAt = now;
                await DropExpiredAsync();
            }

            if (_options.WhenDiskIsFull == WhenDiskIsFull.DropOldest)
            {
                await MakeRoomAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped; the next start goes on.
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            _logger.LogError(failure, "The folder of recordings {Folder} cannot be swept", _folder.Root);
        }
    }

    // A recording counts by its day: it is kept for the whole of its last one.
    private async Task DropExpiredAsync()
    {
        var oldest = _time.GetUtcNow() - _options.Retention - TimeSpan.FromDays(1);
        foreach (var (_, call, file) in _folder.Finished().TakeWhile(one => one.Day < oldest))
        {
            if (!await TryDropAsync(call, file, RecordingDropReason.Expired))
            {
                return;
            }
        }
    }

    private async Task MakeRoomAsync()
    {
        var margin = _options.MinFreeOctets / MarginDivisor;
        if (_folder.OctetsToSpare() >= margin)
        {
            return;
        }

        foreach (var (_, call, file) in _folder.Finished())
        {
            if (!await TryDropAsync(call, file, RecordingDropReason.DiskFull) || _folder.OctetsToSpare() >= margin)
            {
                return;
            }
        }
    }

    // False: nobody takes commands now, so the sweep ends. What a call rejects is passed over.
    private async Task<bool> TryDropAsync(string call, string file, RecordingDropReason reason)
    {
        var command = _stamp.ToCall(call, "", new CallCommand { DropRecording = new DropRecording { File = file, Reason = reason, MediaNode = _node } });
        command.CommandId = $"recording-drop:{file}";
        var reply = await _sink.SendAsync(command, _stopping.Token);
        switch (reply.OutcomeCase)
        {
            case Reply.OutcomeOneofCase.Accepted:
                _folder.Delete(file);
                _counters.Add(MediaCounter.RecordingsDropped);
                return true;
            case Reply.OutcomeOneofCase.Rejection:
                _logger.LogWarning("{File} is not deleted ({Reason}), because its call does not take it: {Detail}", file, reason, reply.Rejection.Detail);
                return true;
            default:
                return false;
        }
    }
}
