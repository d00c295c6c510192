using System.Collections.Concurrent;
using Google.Protobuf;
using Mcptt.Domain.Ports;
using Mcptt.Media.Inward;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// Tells calls what became of their recordings, until it is taken: a journal that cannot write now is asked again every <see cref="AgainInterval"/>.
/// What tells of a finished file lies beside the files until then, so that it outlives the process; its command id is made of the file's name,
/// so that told twice is told once.
/// </summary>
internal sealed class RecordingReports : ICommandSink, IAsyncDisposable
{
    public static readonly TimeSpan AgainInterval = TimeSpan.FromSeconds(15);

    /// <summary>Reports that wait to be told again. Full: the oldest is given up in this run, counted; of a finished file it is told at the next start.</summary>
    public const int MaxWaiting = 4096;

    private readonly ICommandSink _sink;
    private readonly string _node;
    private readonly CommandStamp _stamp;
    private readonly MediaNodeCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandDispatch<string> _dispatch;
    private readonly ConcurrentDictionary<string, string> _written = new();
    private readonly Queue<Command> _again = new();
    private readonly ITimer _timer;

    public RecordingReports(ICommandSink sink, string node, CommandStamp stamp, MediaNodeCounters counters, TimeProvider time, ILogger logger)
    {
        (_sink, _node, _stamp, _counters, _time, _logger) = (sink, node, stamp, counters, time, logger);
        _dispatch = new CommandDispatch<string>(this, DispatchLimits.OfOutcomes, counters, time, logger);
        _timer = time.CreateTimer(_ => SendAgain(), null, AgainInterval, AgainInterval);
    }

    public void Broken(BurstOrigin origin, RecordingFault fault, string detail) =>
        Send(_stamp.ToCall(origin.Call, origin.CorrelationId, new CallCommand
        {
            RecordingBroken = new BurstRecordingBroken
            {
                Recording = new BrokenRecording
                {
                    Leg = origin.Leg,
                    McpttId = origin.McpttId,
                    TalkersEpoch = origin.Epoch,
                    Fault = fault,
                    Detail = detail,
                    MediaNode = _node,
                },
            },
        }));

    public void Incomplete(BurstTape tape) =>
        Send(_stamp.ToCall(tape.Origin.Call, tape.Origin.CorrelationId, new CallCommand
        {
            RecordingIncomplete = new BurstRecordingIncomplete
            {
                Missing = new MissingRecording
                {
                    Leg = tape.Origin.Leg,
                    McpttId = tape.Origin.McpttId,
                    TalkersEpoch = tape.Origin.Epoch,
                    Fault = tape.Fault,
                    Packets = (ulong)tape.Lost,
                    FromUs = tape.LostFirstUs,
                    ToUs = tape.LostLastUs,
                    MediaNode = _node,
                },
            },
        }));

    /// <summary>The command that tells of a finished file.</summary>
    public Command Closed(string call, string correlationId, RecordedBurst burst)
    {
        burst.MediaNode = _node;
        var command = _stamp.ToCall(call, correlationId, new CallCommand { RecordingClosed = new BurstRecordingClosed { Burst = burst } });
        command.CommandId = $"recording:{_node}:{burst.File}";
        return command;
    }

    /// <summary>Writes it beside the file, to the disk. A disk that is full is no reason not to tell it now.</summary>
    public void Keep(Command report, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
            report.WriteTo(file);
            file.Flush(flushToDisk: true);
            _written[report.CommandId] = path;
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            _logger.LogWarning(failure, "The report {Path} could not be kept; it is told now only", path);
        }
    }

    /// <summary>One that a former run kept.</summary>
    public void Resume(Command report, string path)
    {
        report.TimeUs = _stamp.NowUs();
        _written[report.CommandId] = path;
        Send(report);
    }

    public void Send(Command report) => _dispatch.Send(report.To.Id, report, () => Wait(report));

    public async ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
    {
        var reply = await _sink.SendAsync(command, cancellationToken);
        switch (reply.OutcomeCase)
        {
            case Reply.OutcomeOneofCase.Accepted:
                Settle(command);
                break;
            case Reply.OutcomeOneofCase.Rejection:
                _logger.LogError("Call {Call} does not take the report {CommandId} of its recording: {Detail}", command.To.Id, command.CommandId, reply.Rejection.Detail);
                break;
        }

        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _dispatch.DisposeAsync();
    }

    private void Settle(Command command)
    {
        if (!_written.TryRemove(command.CommandId, out var path))
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            // Told again at the next start, which changes nothing.
            _logger.LogWarning(failure, "The report {Path} was taken and cannot be deleted", path);
        }
    }

    private void Wait(Command report)
    {
        lock (_again)
        {
            if (_again.Count == MaxWaiting)
            {
                _again.Dequeue();
                _counters.Add(MediaCounter.CommandsDropped);
            }

            _again.Enqueue(report);
        }
    }

    private void SendAgain()
    {
        lock (_again)
        {
            while (_again.TryDequeue(out var report))
            {
                report = report.Clone();
                report.TimeUs = _stamp.NowUs();
                Send(report);
            }
        }
    }
}
