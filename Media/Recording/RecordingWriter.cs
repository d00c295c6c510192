using System.Collections.Concurrent;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// One thread that takes packets from the queue to the files of their bursts. Nobody waits for it: when it falls behind, the queue is full and packets are
/// counted as lost. A burst that cannot be written is given up, told, and counted to its end; the next one is tried anew.
/// </summary>
internal sealed class RecordingWriter : IDisposable
{
    /// <summary>The queue is looked at so often while a burst is on: a producer need not wake anybody.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>What a killed process loses at most.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SpaceInterval = TimeSpan.FromSeconds(1);

    /// <summary>A packet that was under way when its burst ended finds its file still open.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private const int PacketsPerTurn = 4096;

    private readonly RecordingOptions _options;
    private readonly RecordingFolder _folder;
    private readonly RecordingFinisher _finisher;
    private readonly RecordingReports _reports;
    private readonly MediaNodeCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PacketQueue _queue;
    private readonly PacketHandler _handle;
    private readonly ConcurrentQueue<BurstTape> _closed = new();
    private readonly List<BurstTape> _ending = [];
    private readonly List<BurstTape> _writing = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _active;
    private long _flushed;
    private long _spaceSeen;
    private volatile bool _stopping;

    public RecordingWriter(RecordingOptions options, RecordingFolder folder, RecordingFinisher finisher, RecordingReports reports, MediaNodeCounters counters, TimeProvider time, ILogger logger)
    {
        (_options, _folder, _finisher, _reports, _counters, _time, _logger) = (options, folder, finisher, reports, counters, time, logger);
        _queue = new PacketQueue(options.QueuePackets);
        _handle = Handle;
        _thread = new Thread(Run) { IsBackground = true, Name = "recording writer" };
    }

    public void Start() => _thread.Start();

    public BurstTape Begin(BurstOrigin origin)
    {
        Interlocked.Increment(ref _active);
        _wake.Set();
        return new BurstTape(origin, _queue, _time);
    }

    public void End(BurstTape tape, long now)
    {
        if (tape.Close(now))
        {
            _closed.Enqueue(tape);
        }
    }

    /// <summary>Everything that was handed over is written and finished when it returns.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) is false)
        {
            _thread.Join();
        }

        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            var last = _stopping;
            try
            {
                while (_queue.Drain(_handle, PacketsPerTurn) == PacketsPerTurn)
                {
                    KeepHouse(last);
                }

                KeepHouse(last);
            }
            catch (Exception failure)
            {
                _logger.LogError(failure, "The recording writer failed and goes on");
            }

            if (last)
            {
                return;
            }

            _wake.WaitOne(Volatile.Read(ref _active) > 0 ? PollInterval : Timeout.InfiniteTimeSpan);
        }
    }

    private void Handle(BurstTape tape, ReadOnlySpan<byte> packet, EndpointKey source, long arrival)
    {
        var timeUs = tape.TimeUs(arrival);
        if (tape.IsDone || tape.IsBroken || !TryOpen(tape, timeUs) || !TryAppend(tape, packet, source, timeUs))
        {
            tape.Lose(RecordingFault.WriterBehind, timeUs);
            if (tape.IsDone)
            {
                // Later than the grace: its account is closed.
                _counters.Add(MediaCounter.RecordingLost);
            }
        }
    }

    private bool TryOpen(BurstTape tape, long timeUs)
    {
        if (tape.File is not null)
        {
            return true;
        }

        var origin = tape.Origin;
        if (!RecordingName.IsUsableCall(origin.Call))
        {
            GiveUp(tape, RecordingFault.Unavailable, "the call's id cannot be the name of a folder", timeUs);
            return false;
        }

        try
        {
            _folder.Create();
            if (_folder.OctetsToSpare() < 0)
            {
                GiveUp(tape, RecordingFault.DiskFull, Full(), timeUs);
                return false;
            }

            tape.File = BurstFile.Create(_folder, new RecordingName(origin.Call, timeUs, origin.Leg, origin.Epoch));
            _writing.Add(tape);
            return true;
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            GiveUp(tape, RecordingFailures.FaultOf(failure), failure.Message, timeUs);
            return false;
        }
    }

    private bool TryAppend(BurstTape tape, ReadOnlySpan<byte> packet, EndpointKey source, long timeUs)
    {
        var file = tape.File!; // Opened before.
        var length = TimeSpan.FromMicroseconds(timeUs - file.Name.StartedUs);
        if (file.OctetsToBe + packet.Length + PcapFormat.MaxOverheadOctets > _options.MaxBurstOctets || length > _options.MaxBurstDuration)
        {
            GiveUp(tape, RecordingFault.BurstLimit, $"{file.OctetsToBe} octets after {length.TotalSeconds:F0} s", timeUs);
            return false;
        }

        return Try(tape, timeUs, file, packet, source);
    }

    private bool Try(BurstTape tape, long timeUs, BurstFile file, ReadOnlySpan<byte> packet, EndpointKey source)
    {
        try
        {
            file.Append(timeUs, packet, source, tape.Origin.Destination(source.IsMapped));
            return true;
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            GiveUp(tape, RecordingFailures.FaultOf(failure), failure.Message, timeUs);
            return false;
        }
    }

    private void KeepHouse(bool last)
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_flushed, now) >= FlushInterval)
        {
            _flushed = now;
            _writing.ForEach(Flush);
        }

        if (_writing.Count > 0 && _time.GetElapsedTime(_spaceSeen, now) >= SpaceInterval)
        {
            _spaceSeen = now;
            StopWhenFull(now);
        }

        while (_closed.TryDequeue(out var tape))
        {
            tape.EndsAt = _queue.Tail;
            _ending.Add(tape);
        }

        // However late this thread is: what was said before the end is written first.
        _ending.RemoveAll(tape => (last || _time.GetElapsedTime(tape.ClosedAt, now) >= Grace) && _queue.Head >= tape.EndsAt && Finish(tape));
    }

    private void Flush(BurstTape tape)
    {
        if (TryFlush(tape) is { } failure)
        {
            GiveUp(tape, RecordingFailures.FaultOf(failure), failure.Message, tape.TimeUs(_time.GetTimestamp()));
        }
    }

    private static Exception? TryFlush(BurstTape tape)
    {
        try
        {
            tape.File?.Flush();
            return null;
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            return failure;
        }
    }

    private void StopWhenFull(long now)
    {
        try
        {
            if (_folder.OctetsToSpare() >= 0)
            {
                return;
            }
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            // Whether it can be written to the next write says.
            return;
        }

        foreach (var tape in _writing.Where(tape => !tape.IsBroken))
        {
            GiveUp(tape, RecordingFault.DiskFull, Full(), tape.TimeUs(now));
        }
    }

    private bool Finish(BurstTape tape)
    {
        tape.IsDone = true;
        _writing.Remove(tape);
        Interlocked.Decrement(ref _active);
        if (tape.File is not null || tape.Lost > 0)
        {
            _finisher.Add(tape);
        }

        return true;
    }

    private void GiveUp(BurstTape tape, RecordingFault fault, string detail, long timeUs)
    {
        if (tape.IsBroken)
        {
            return;
        }

        tape.IsBroken = true;
        if (fault is RecordingFault.BurstLimit or RecordingFault.DiskFull)
        {
            // There is room for the little that waits: the bound is one of ours.
            TryFlush(tape);
        }

        if (tape.File is { WaitingPackets: > 0 } file)
        {
            tape.Lose(fault, file.WaitingSinceUs, file.WaitingPackets);
            file.GiveUp();
        }

        tape.Lose(fault, timeUs, packets: 0);
        _counters.Add(MediaCounter.RecordingsFailed);
        _logger.LogError("Leg {Leg} of call {Call} is not recorded further: {Fault}, {Detail}", tape.Origin.Leg, tape.Origin.Call, fault, detail);
        _reports.Broken(tape.Origin, fault, detail);
    }

    private string Full() => $"less than {_options.MinFreeOctets / (1024 * 1024)} MB of the disk of {_options.Folder} are free";
}
