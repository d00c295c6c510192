using Mcptt.Load.Measuring;
using Mcptt.Ue;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;

namespace Mcptt.Load.Running;

/// <summary>One user with its client: turns the client's events and the audio it hears into figures of the call that it is in.</summary>
internal sealed class Member(uint number, int place, LoadMeasures measures, TimeProvider time) : IAudioTap
{
    private volatile GroupCall? _call;
    private volatile Press? _press;
    private TalkBurst? _hearing;
    private long _hearingSince;

    public uint Number => number;

    /// <summary>In its group, from 0.</summary>
    public int Place => place;

    public UeClient Client { get; set; } = null!; // Set right after it was made with this as its tap.

    public bool IsRegistered { get; set; }

    /// <summary>When it was in the call so far that the floor told it how things are; 0: it is not.</summary>
    public long ReadySince { get; private set; }

    public bool IsInCall { get; private set; }

    /// <summary>When it asked to enter late; 0: it did not.</summary>
    public long EnteringSince { get; set; }

    public void Enter(GroupCall call)
    {
        (ReadySince, IsInCall, EnteringSince, _press, _hearing) = (0, false, 0, null, null);
        _call = call;
    }

    public void Leave() => _call = null;

    /// <summary>The last press is over.</summary>
    public bool HasLetGo => _press is not { Over.IsCompleted: false };

    /// <summary>Null: the last press is not over.</summary>
    public Press? TryPress(TalkBurst burst)
    {
        if (_press is { Over.IsCompleted: false })
        {
            return null;
        }

        var press = new Press(burst);
        _press = press;
        return press;
    }

    /// <summary>The burst that it talks in, or asked to.</summary>
    public TalkBurst? Talking => _press?.Burst;

    public void Happened(UeEvent happened)
    {
        switch (happened)
        {
            case RequestAnswered { Succeeded: false } failed:
                measures.Failures.Add($"{failed.Purpose.Failed} {(failed.Status == 0 ? failed.Reason : failed.Status)}{(failed.Warning is null ? "" : $" {failed.Warning}")}");
                CountRefresh(failed);
                break;
            case CallEstablished established:
                IsInCall = true;
                _call?.Joined(this, established.Outgoing);
                break;
            case CallEnded when IsInCall:
                IsInCall = false;
                ReadySince = 0;
                _press?.Lost();
                _call?.Left(this);
                break;
            case FloorChanged floor:
                Floor(floor.Notice);
                break;
        }
    }

    public void Sent(string user, ReadOnlySpan<byte> payload, long timestamp) => measures.Count(CountKind.FramesSent);

    public void Heard(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
        if (!SpeechStamp.TryRead(payload, out var stamp) || _call is not { } call || stamp.Run != call.Run || call.BurstOf(stamp.Burst) is not { } burst)
        {
            measures.Count(CountKind.FramesForeign);
            return;
        }

        measures.Record(MeasureKind.MouthToEar, stamp.Timestamp, timestamp);
        var hearing = burst.HearingOf(place);
        var isFirst = hearing.Take(stamp.Frame);
        if (isFirst)
        {
            FirstHeard(burst, timestamp);
        }

        LookForConflict(burst, hearing, isFirst, stamp.Timestamp);
    }

    // A registered client whose refresh is refused has lost its registration.
    private void CountRefresh(RequestAnswered failed)
    {
        if (failed.Purpose == RequestPurpose.Register && IsRegistered)
        {
            measures.Count(CountKind.RefreshesFailed);
        }
    }

    private void FirstHeard(TalkBurst burst, long timestamp)
    {
        if (EnteringSince != 0)
        {
            burst.Call.HeardLate(this, burst, timestamp);
        }
        else if (!burst.WasQueued && ReadySince != 0 && ReadySince <= burst.Pressed)
        {
            measures.Record(MeasureKind.SpeechAccess, burst.Pressed, timestamp);
        }
    }

    // Sent after the first packet of the burst that we heard begin last: two talk at once. What was under way when the floor changed was sent before it.
    private void LookForConflict(TalkBurst burst, BurstHearing hearing, bool isFirst, long sent)
    {
        if (isFirst)
        {
            (_hearing, _hearingSince) = (burst, sent);
        }
        else if (burst != _hearing && sent > _hearingSince && !hearing.Conflict)
        {
            hearing.Conflict = true;
            measures.Count(CountKind.FloorConflicts);
        }
    }

    private void Floor(FloorNotice notice)
    {
        switch (notice)
        {
            case FloorNotice.Idle or FloorNotice.Taken:
                Ready();
                break;
            case FloorNotice.Granted:
                Ready();
                _press?.Granted(time.GetTimestamp());
                break;
            case FloorNotice.Queued { Position: not QueuePositionNone } when _press?.Queued() == true:
                measures.Count(CountKind.Queued);
                break;
            case FloorNotice.Denied denied:
                Refused(CountKind.Denied, $"floor denied, cause {denied.Cause}{(denied.Phrase is null ? "" : $" {denied.Phrase}")}");
                break;
            case FloorNotice.NotPermitted:
                Refused(CountKind.Denied, "floor request not permitted");
                break;
            case FloorNotice.Revoked revoked:
                measures.Count(CountKind.Revoked);
                measures.Failures.Add($"floor revoked, cause {revoked.Cause}{(revoked.Phrase is null ? "" : $" {revoked.Phrase}")}");
                _press?.Revoked();
                break;
            case FloorNotice.Lost:
                Refused(CountKind.FloorFailures, "floor lost");
                break;
            case FloorNotice.Unanswered unanswered:
                Refused(CountKind.FloorFailures, $"no answer to {unanswered.Message}");
                break;
            case FloorNotice.Released:
                _press?.LetGo();
                break;
        }
    }

    // 8.2.3.5: not in the queue.
    private const byte QueuePositionNone = 254;

    private void Ready()
    {
        if (ReadySince == 0 && _call is { } call)
        {
            ReadySince = time.GetTimestamp();
            call.Ready(this);
        }
    }

    private void Refused(CountKind kind, string why)
    {
        measures.Count(kind);
        measures.Failures.Add(why);
        _press?.Refused();
    }
}
