using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

internal enum TimelineBarKind
{
    /// <summary>Its INVITE, or ours to it, had no answer yet.</summary>
    Ringing,
    InCall,

    /// <summary>In the call and sent no voice: on hold, or at its own wish.</summary>
    Deaf,
    Waiting,

    /// <summary>The floor before the first packet of voice.</summary>
    Granted,
    Voice,

    /// <summary>Told to stop, and still talking.</summary>
    Stopping,

    /// <summary>Voice without the floor: nobody hears it.</summary>
    Unpermitted,

    /// <summary>Speech that no recording has.</summary>
    NotRecorded,
}

internal enum TimelineMarkKind
{
    LateEntry,
    Left,
    Failed,
    Refused,
    Denied,
    Revoked,
    Preempts,
}

/// <summary>A stretch of time in a lane. It never leaves the frame, and is wide enough to be seen.</summary>
internal sealed record TimelineBar(TimelineBarKind Kind, int Lane, double X, double Width, StorySpan Span, string Title, string Label = "")
{
    /// <summary>Its width to scale, which may be less than what is drawn.</summary>
    public double TrueWidth { get; init; }
}

/// <summary>A moment in a lane; several that cannot be told apart are one with all their words.</summary>
internal sealed record TimelineMark(TimelineMarkKind Kind, int Lane, double X, string Title, int Count = 1);

/// <summary>When a lane could hear somebody.</summary>
internal readonly record struct TimelineHearing(int Lane, double X, double Width);

/// <summary>Emergency or imminent peril, over all lanes.</summary>
internal sealed record TimelineBand(double X, double Width, string Label, string Title);
