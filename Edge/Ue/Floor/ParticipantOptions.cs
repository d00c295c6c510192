namespace Mcptt.Ue.Floor;

/// <summary>
/// Timers and counters of a floor participant: &lt;on-network&gt;&lt;Timers&gt; of the MCS UE initial configuration (TS 24.380 11.1.1, 11.2.1).
/// </summary>
public sealed record ParticipantOptions
{
    public TimeSpan T100 { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan T101 { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan T103 { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan T104 { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan T132 { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a Floor Release is sent at most; with T100 the whole stays below the 6 s of 11.1.1.</summary>
    public int C100 { get; init; } = 3;

    public int C101 { get; init; } = 3;

    public int C104 { get; init; } = 3;

    /// <summary>We started a broadcast call: it ends with our burst (6.2.4.6.4).</summary>
    public bool BroadcastOriginator { get; init; }

    /// <summary>Letting the button go keeps the place in the queue; a grant then waits T132 for the button.</summary>
    public bool KeepsQueueOnRelease { get; init; }

    internal TimeSpan DurationOf(ParticipantTimer timer) =>
        timer switch
        {
            ParticipantTimer.T100FloorRelease => T100,
            ParticipantTimer.T101FloorRequest => T101,
            ParticipantTimer.T103EndOfRtpMedia => T103,
            ParticipantTimer.T104FloorQueuePositionRequest => T104,
            ParticipantTimer.T132QueuedFloorGrantedUserAction => T132,
            _ => throw new ArgumentOutOfRangeException(nameof(timer), timer, "not a timer of a participant"),
        };
}
