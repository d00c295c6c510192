using System.Collections.Concurrent;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// A thread of its own for what a disk may take long for: the last write, fsync, the report beside the file, and the move to its final name.
/// First of all it mends what a killed run left behind.
/// </summary>
internal sealed class RecordingFinisher : IDisposable
{
    /// <summary>Bursts that wait to be finished, each with an open file. Full: the writer finishes one itself and falls behind meanwhile.</summary>
    public const int MaxWaiting = 1024;

    private readonly RecordingFolder _folder;
    private readonly RecordingReports _reports;
    private readonly MediaNodeCounters _counters;
    private readonly ILogger _logger;
    private readonly BlockingCollection<BurstTape> _waiting = new(MaxWaiting);
    private readonly Thread _thread;
    private LeftBehind? _leftBehind;
    private volatile bool _stopping;

    public RecordingFinisher(RecordingFolder folder, RecordingReports reports, MediaNodeCounters counters, ILogger logger)
    {
        (_folder, _reports, _counters, _logger) = (folder, reports, counters, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "recording finisher" };
    }

    /// <summary>What lies under way now is from a former run: it is looked up before this run can begin a file.</summary>
    public void Start()
    {
        _leftBehind = new LeftBehind(_folder, _reports, _counters, _logger);
        _thread.Start();
    }

    public void Add(BurstTape tape)
    {
        if (!_waiting.TryAdd(tape))
        {
            Finish(tape);
        }
    }

    /// <summary>What was added is finished when it returns.</summary>
    public void Dispose()
    {
        _stopping = true;
        _waiting.CompleteAdding();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) is false)
        {
            _thread.Join();
        }

        _waiting.Dispose();
    }

    private void Run()
    {
        _leftBehind?.Mend(() => _stopping);
        foreach (var tape in _waiting.GetConsumingEnumerable())
        {
            Finish(tape);
        }
    }

    private void Finish(BurstTape tape)
    {
        try
        {
            if (tape.File is { } file)
            {
                Finish(tape, file);
            }
        }
        catch (Exception failure)
        {
            // It stays where it is: the next start mends it.
            _counters.Add(MediaCounter.RecordingsFailed);
            _logger.LogError(failure, "The recording {Path} could not be finished", tape.File?.Path);
            _reports.Broken(tape.Origin, RecordingFailures.FaultOf(failure), failure.Message);
        }
        finally
        {
            tape.File?.Dispose();
        }

        if (tape.Lost > 0)
        {
            _counters.Add(MediaCounter.RecordingLost, tape.Lost);
            _reports.Incomplete(tape);
        }
    }

    private void Finish(BurstTape tape, BurstFile file)
    {
        var sha256 = file.Complete();
        file.Dispose();
        if (file.Packets == 0)
        {
            File.Delete(file.Path);
            return;
        }

        var origin = tape.Origin;
        var finished = _folder.Reserve(file.Name);
        var report = _reports.Closed(origin.Call, origin.CorrelationId, new RecordedBurst
        {
            Leg = origin.Leg,
            McpttId = origin.McpttId,
            TalkersEpoch = origin.Epoch,
            StartedUs = file.Name.StartedUs,
            EndedUs = file.LastUs,
            Packets = (ulong)file.Packets,
            Lost = (ulong)tape.Lost,
            Octets = (ulong)file.Octets,
            File = finished,
            Sha256 = Google.Protobuf.ByteString.CopyFrom(sha256),
        });

        // The report first: whoever finds it knows where the file goes.
        _reports.Keep(report, RecordingFolder.ReportOf(file.Path));
        File.Move(file.Path, _folder.PathOf(finished));
        _counters.Add(MediaCounter.RecordingsFinished);
        _counters.Add(MediaCounter.RecordedPackets, file.Packets);
        _reports.Send(report);
    }
}
