namespace Mcptt.Load.Measuring;

/// <summary>What is timed. Names are those of the report and of thresholds, with a small first letter.</summary>
public enum MeasureKind
{
    /// <summary>REGISTER to its 200, the challenge included.</summary>
    Registration,

    /// <summary>INVITE to its 200.</summary>
    CallSetup,

    /// <summary>INVITE to the first listener's ACK.</summary>
    FirstListener,

    /// <summary>INVITE to the first grant, a listener being there (TS 22.179 KPI 2).</summary>
    CallAccess,

    /// <summary>Press to grant where nobody talked (TS 22.179 KPI 1).</summary>
    FloorAccess,

    /// <summary>Press to grant of those who were queued.</summary>
    QueueWait,

    /// <summary>Press to the first audio at each listener, where nobody talked.</summary>
    SpeechAccess,

    /// <summary>Each voice packet from sender to listener (TS 22.179 KPI 3 without packetisation, jitter buffer and sound card).</summary>
    MouthToEar,

    /// <summary>Affiliation during a burst to its first audio (TS 22.179 KPI 4).</summary>
    LateEntry,

    /// <summary>Affiliation during a call to the ACK of the invitation.</summary>
    LateJoin,

    /// <summary>BYE to its 200.</summary>
    HangUp,

    /// <summary>How late the generator itself took its steps.</summary>
    ScheduleLag,

    /// <summary>How late it sent its voice packets.</summary>
    VoiceLag,
}

/// <summary>What is counted, over the whole run.</summary>
public enum CountKind
{
    Registered,
    RegistrationsFailed,
    RefreshesFailed,
    CallsStarted,
    CallsSetUp,
    CallsFailed,

    /// <summary>Ended by the server before their time.</summary>
    CallsDropped,

    /// <summary>Still there after everybody had hung up.</summary>
    CallsNotEnded,

    /// <summary>Not started because no group was free: the profile's rate was not kept.</summary>
    CallsSkipped,

    ListenersExpected,
    ListenersJoined,
    ListenersMissing,
    Presses,
    Granted,
    Queued,
    Denied,
    Revoked,

    /// <summary>Floor requests and releases that no answer came to, and grants that were lost.</summary>
    FloorFailures,

    /// <summary>Bursts times the listeners that were there from their beginning to their end.</summary>
    HearingsExpected,

    /// <summary>Of these, those in which at least one packet was heard.</summary>
    HearingsHeard,

    FramesSent,
    FramesExpected,
    FramesHeard,
    FramesLost,
    FramesDuplicated,
    FramesReordered,

    /// <summary>Voice that no generator sent, or another one.</summary>
    FramesForeign,

    /// <summary>Two talkers heard at once by one listener.</summary>
    FloorConflicts,

    LateEntries,
    LateEntriesHeard,
    LateEntriesFailed,
}

/// <summary>The kinds by the names that profiles and reports use.</summary>
public static class MeasureNames
{
    public static string Of<T>(T kind)
        where T : struct, Enum => Lower(kind.ToString());

    public static IEnumerable<string> Of<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(Lower);

    public static T Parse<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
