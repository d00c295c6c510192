using Mcptt.Domain.Ports;
using Mcptt.Media.Inward;
using Mcptt.Media.Sockets;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Recording;

/// <summary>
/// Records the bursts of this node's sessions: forwarding -> <see cref="PacketQueue"/> -> <see cref="RecordingWriter"/> -> <see cref="RecordingFinisher"/>
/// -> <see cref="RecordingReports"/> -> call. Nothing that goes wrong in it is felt in forwarding.
/// </summary>
internal sealed class Recorder : IAsyncDisposable
{
    private readonly MediaOptions _options;
    private readonly RecordingFolder _folder;
    private readonly RecordingReports _reports;
    private readonly RecordingFinisher _finisher;
    private readonly RecordingWriter _writer;
    private readonly RecordingSweep _sweep;
    private readonly ILogger _logger;

    public Recorder(RecordingOptions recording, MediaOptions options, ICommandSink sink, CommandStamp stamp, MediaNodeCounters counters, TimeProvider time, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _folder = new RecordingFolder(recording, options.NodeName);
        _reports = new RecordingReports(sink, options.NodeName, stamp, counters, time, logger);
        _finisher = new RecordingFinisher(_folder, _reports, counters, logger);
        _writer = new RecordingWriter(recording, _folder, _finisher, _reports, counters, time, logger);
        _sweep = new RecordingSweep(recording, _folder, options.NodeName, sink, stamp, counters, time, logger);
    }

    /// <summary>A folder that cannot be made is no reason not to start: each burst says so in its call's history.</summary>
    public void Start()
    {
        try
        {
            _folder.Create();
        }
        catch (Exception failure) when (RecordingFailures.IsOfDisk(failure))
        {
            _logger.LogError(failure, "The folder of recordings {Folder} cannot be made: recorded calls go unrecorded until it can", _folder.Mine);
        }

        _finisher.Start();
        _writer.Start();
        _sweep.Start();
    }

    /// <param name="session">The call.</param>
    /// <param name="correlationId">Of the call.</param>
    /// <param name="rtpPort">Ours.</param>
    public SessionRecorder Of(string session, string correlationId, int rtpPort)
    {
        var (ipv4, ipv6) = (PcapFormat.Local(_options, rtpPort, ipv4: true), PcapFormat.Local(_options, rtpPort, ipv4: false));
        EndpointKey Local(bool isIpv4) => isIpv4 ? ipv4 : ipv6;
        return new SessionRecorder(_writer, session, correlationId, Local);
    }

    /// <summary>Finishes all files; of what no call took any more the next start tells.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await Task.Factory.StartNew(StopThreads, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await _reports.DisposeAsync();
    }

    private void StopThreads()
    {
        _writer.Dispose();
        _finisher.Dispose();
    }
}

/// <summary>The bursts of one session.</summary>
internal sealed class SessionRecorder(RecordingWriter writer, string session, string correlationId, Func<bool, EndpointKey> local)
{
    public BurstTape Begin(uint leg, string mcpttId, ulong epoch) => writer.Begin(new BurstOrigin(session, correlationId, leg, mcpttId, epoch, local));

    public void End(BurstTape tape, long now) => writer.End(tape, now);
}
