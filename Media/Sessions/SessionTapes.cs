using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Sessions;

/// <summary>Which leg's burst is being recorded, one tape per grant. Under the session's gate; a session that is not recorded has no recorder.</summary>
internal sealed class SessionTapes(SessionRecorder? recorder, TimeProvider time)
{
    private readonly Dictionary<uint, ulong> _granted = [];
    private ulong _epoch;

    /// <summary>The legs that may talk from now on; <see cref="Turn"/> each before its permission is set.</summary>
    public void Grant(SetTalkers order)
    {
        _epoch = order.Epoch;
        _granted.Clear();
        foreach (var talker in order.Talkers)
        {
            _granted[talker.Leg] = talker.GrantedEpoch;
        }
    }

    public void Turn(MediaLeg leg)
    {
        if (recorder is null)
        {
            return;
        }

        if (!_granted.TryGetValue(leg.Number, out var epoch))
        {
            End(leg);
            return;
        }

        var current = leg.Tape is { IsClosed: false } open ? open.Origin.Epoch : 0;
        if (current == 0 || (epoch != 0 && epoch != current))
        {
            End(leg);
            leg.Tape = recorder.Begin(leg.Number, leg.McpttId, epoch != 0 ? epoch : _epoch);
        }
    }

    /// <summary>The tape stays at the leg for packets that are under way.</summary>
    public void End(MediaLeg leg)
    {
        if (leg.Tape is { } tape)
        {
            recorder?.End(tape, time.GetTimestamp());
        }
    }
}
