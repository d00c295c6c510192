using System.Diagnostics.Metrics;
using Mcptt.Domain.Telemetry;

namespace Mcptt.Media;

/// <summary>What a media node measures, under the meter <see cref="MeterName"/>: its counters by name and tag, and what participants wait for.</summary>
internal sealed class MediaMetrics : IDisposable
{
    public const string MeterName = "Mcptt.Media";

    /// <summary>One packet in so many is timed: enough for a percentile, and little for who forwards.</summary>
    public const int PacketsPerTimed = 16;

    private static readonly (string Name, string Tag, string What, (MediaCounter Counter, string Value)[] Counters)[] Counted =
    [
        ("mcptt.media.session.events", "event", "Sessions that were opened, closed, or could not be opened; closed ones that no call knew are also unclaimed [event]", [(MediaCounter.SessionsOpened, "opened"), (MediaCounter.SessionsFailed, "failed"), (MediaCounter.SessionsClosed, "closed"), (MediaCounter.SessionsUnclaimed, "unclaimed")]),
        ("mcptt.media.rtp.received", "", "Datagrams on RTP ports", [(MediaCounter.RtpReceived, "")]),
        ("mcptt.media.rtp.packets", "outcome", "What became of datagrams on RTP ports [outcome]", [(MediaCounter.RtpForwarded, "forwarded"), (MediaCounter.RtpHeld, "held"), (MediaCounter.RtpWithoutPermission, "without_permission"), (MediaCounter.RtpFromUnknown, "from_unknown"), (MediaCounter.RtpNotRtp, "not_rtp")]),
        ("mcptt.media.rtp.held", "outcome", "What became of held first syllables of plain phones [outcome]", [(MediaCounter.RtpHeldForwarded, "forwarded"), (MediaCounter.RtpHeldDropped, "dropped")]),
        ("mcptt.media.rtp.sent", "", "RTP packets sent, one per listener", [(MediaCounter.RtpSent, "")]),
        ("mcptt.media.floor.datagrams", "", "Datagrams on floor ports", [(MediaCounter.FloorDatagramsReceived, "")]),
        ("mcptt.media.floor.messages", "direction", "Floor messages [direction]", [(MediaCounter.FloorMessagesReceived, "in"), (MediaCounter.FloorMessagesSent, "out")]),
        ("mcptt.media.floor.dropped", "reason", "Floor messages and datagrams that led to nothing [reason]", [(MediaCounter.FloorGarbage, "garbage"), (MediaCounter.FloorFromUnknown, "from_unknown"), (MediaCounter.FloorRateLimited, "rate_limited"), (MediaCounter.FloorUnhandled, "unhandled"), (MediaCounter.FloorEarlyDropped, "early")]),
        ("mcptt.media.send.dropped", "reason", "Datagrams that were not sent [reason]", [(MediaCounter.SendRefused, "refused"), (MediaCounter.SendDroppedOldest, "oldest")]),
        ("mcptt.media.receive.failed", "", "Failures to receive on a socket", [(MediaCounter.ReceiveFailed, "")]),
        ("mcptt.media.latched", "", "Peers first heard from another address than their SDP's", [(MediaCounter.Latched, "")]),
        ("mcptt.media.effects.void", "reason", "Orders of actors that found no session here, or were meant for another node [reason]", [(MediaCounter.EffectsWithoutSession, "without_session"), (MediaCounter.EffectsForOtherNode, "other_node")]),
        ("mcptt.media.recordings", "event", "Recordings that were finished, could not be made, or were deleted [event]", [(MediaCounter.RecordingsFinished, "finished"), (MediaCounter.RecordingsFailed, "failed"), (MediaCounter.RecordingsDropped, "deleted")]),
        ("mcptt.media.recording.packets", "outcome", "Packets in recordings, and those that listeners heard and no recording has [outcome]", [(MediaCounter.RecordedPackets, "recorded"), (MediaCounter.RecordingLost, "lost")]),
        ("mcptt.media.commands", "event", "Commands to actors [event]", [(MediaCounter.CommandsSent, "sent"), (MediaCounter.CommandsRetried, "retried"), (MediaCounter.CommandsDropped, "dropped"), (MediaCounter.CommandsUndelivered, "undelivered")]),
    ];

    private readonly Meter _meter;
    private readonly Histogram<double> _forwarding;
    private readonly Histogram<double> _access;
    private readonly Histogram<double> _entry;

    public MediaMetrics(IMeterFactory? factory, MediaNodeCounters counters)
    {
        _meter = Meters.Of(factory, MeterName);
        foreach (var (name, tag, what, values) in Counted)
        {
            _meter.CreateObservableCounter(name, () => values.Select(one => Measure(counters[one.Counter], tag, one.Value)), null, what);
        }

        _forwarding = _meter.Duration("mcptt.media.forward.duration", $"Within the server, from reading a talker's packet until it was sent to the last listener, of one packet in {PacketsPerTimed} (share of KPI 3)", Meters.PacketSeconds);
        _access = _meter.Duration("mcptt.floor.access.duration", "Within the server, from a request for the floor until the answer was sent (KPI 1 where granted) [outcome, channel]", Meters.KpiSeconds);
        _entry = _meter.Duration("mcptt.media.entry.duration", "From a new participant's leg until the first packet of the talker was sent to it (share of KPI 4)", Meters.KpiSeconds);
    }

    /// <summary>Counters that are shown nowhere: a new one needs its place here.</summary>
    internal static IEnumerable<MediaCounter> Unpublished => Enum.GetValues<MediaCounter>().Except(Counted.SelectMany(metric => metric.Counters.Select(one => one.Counter)));

    public void Watch(Func<int> sessions, Func<int> legs)
    {
        _meter.CreateObservableGauge("mcptt.media.sessions", sessions, "{sessions}", "Sessions open");
        _meter.CreateObservableGauge("mcptt.media.legs", legs, "{legs}", "Legs in them");
    }

    public void Forwarded(TimeSpan taken) => _forwarding.Record(taken.TotalSeconds);

    public void Answered(FloorAnswer answer, bool bySpeech, TimeSpan taken) =>
        _access.Record(taken.TotalSeconds, new KeyValuePair<string, object?>("outcome", FloorAnswers[(int)answer]), new KeyValuePair<string, object?>("channel", bySpeech ? "speech" : "floor"));

    public void Entered(TimeSpan taken) => _entry.Record(taken.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static readonly string[] FloorAnswers = [.. Enum.GetValues<FloorAnswer>().Select(Meters.Tag)];

    private static Measurement<long> Measure(long value, string tag, string of) => tag.Length > 0 ? new(value, new KeyValuePair<string, object?>(tag, of)) : new(value);
}

/// <summary>What a participant hears of its request for the floor.</summary>
internal enum FloorAnswer
{
    Granted,
    Denied,
    Queued,
}
