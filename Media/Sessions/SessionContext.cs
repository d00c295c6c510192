using Mcptt.Media.Inward;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Sessions;

/// <summary>What the parts of one session share.</summary>
internal sealed record SessionContext(
    string Session,
    string CorrelationId,
    MediaOptions Options,
    CommandStamp Stamp,
    CommandDispatch<uint> Dispatch,
    MediaNodeCounters Counters,
    MediaMetrics Metrics,
    TimeProvider Time,
    ILogger Logger
)
{
    public void Send(uint leg, FloorCommand command, Action? undelivered = null) =>
        Dispatch.Send(leg, Stamp.ToFloor(Session, CorrelationId, command), undelivered);

    public void Report(MediaLeg leg, BurstReport report)
    {
        switch (report)
        {
            case BurstReport.Started:
                ReportStarted(leg);
                break;
            case BurstReport.Stopped:
                ReportStopped(leg);
                break;
            case BurstReport.None:
            default:
                break;
        }
    }

    // These two apart, because their closures would be allocated with every packet.
    private void ReportStarted(MediaLeg leg) =>
        Send(leg.Number, new FloorCommand { MediaStarted = new MediaStarted { Leg = leg.Number, Ssrc = leg.Rtp.LastSsrc } }, leg.Burst.ReportAgain);

    private void ReportStopped(MediaLeg leg) =>
        Send(leg.Number, new FloorCommand { MediaStopped = new MediaStopped { Leg = leg.Number, TalkersEpoch = leg.Burst.EpochOfStop } }, () => leg.Burst.Rewatch(Time.GetTimestamp()));
}
