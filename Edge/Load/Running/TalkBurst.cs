using Mcptt.Load.Measuring;

namespace Mcptt.Load.Running;

/// <summary>One burst under way: who talks, what was sent, and what each member of the group hears of it.</summary>
internal sealed class TalkBurst(GroupCall call, Member talker, uint id, long pressed, int members)
{
    private readonly BurstHearing?[] _hearings = new BurstHearing?[members];
    private int _frames;
    private int _accounted;

    public GroupCall Call => call;

    public Member Talker => talker;

    public uint Id => id;

    /// <summary>When the button was pressed, or should have been.</summary>
    public long Pressed => pressed;

    /// <summary>The grant came after a wait in the queue: its speech is no measure of access.</summary>
    public bool WasQueued { get; set; }

    public long GrantedAt { get; set; }

    /// <summary>Who was in the call from its grant to its end and should have heard all of it.</summary>
    public IReadOnlyList<Member> Listeners { get; set; } = [];

    public bool IsOver { get; set; }

    public int Frames => Volatile.Read(ref _frames);

    public uint NextFrame() => (uint)(Interlocked.Increment(ref _frames) - 1);

    /// <summary>Made by the listener's first packet; one thread per listener.</summary>
    public BurstHearing HearingOf(int place) => _hearings[place] ??= new BurstHearing();

    public BurstHearing? Heard(int place) => _hearings[place];

    /// <summary>Holds everybody to what was sent, once: when nothing of it is under way any more.</summary>
    public void Account(LoadMeasures measures)
    {
        if (Interlocked.Exchange(ref _accounted, 1) != 0)
        {
            return;
        }

        foreach (var member in call.Group.Members)
        {
            var whole = Listeners.Contains(member);
            var heard = _hearings[member.Place];
            if (whole)
            {
                measures.Count(CountKind.HearingsExpected);
                measures.Count(CountKind.HearingsHeard, heard is null ? 0 : 1);
            }

            // Who came in the middle is held to what followed its first packet.
            var expected = whole ? Frames : heard is null || !IsOver ? 0 : Frames - (int)heard.First;
            var got = heard?.Heard ?? 0;
            measures.Count(CountKind.FramesExpected, expected);
            measures.Count(CountKind.FramesHeard, got);
            measures.Count(CountKind.FramesLost, Math.Max(0, expected - got));
            measures.Count(CountKind.FramesDuplicated, heard?.Duplicated ?? 0);
            measures.Count(CountKind.FramesReordered, heard?.Reordered ?? 0);
        }
    }
}
