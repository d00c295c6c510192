using Mcptt.Testing;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Tests.Media;

public sealed class AudioLedgerTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_frame_heard_is_ascribed_to_who_sent_it_with_its_delay()
    {
        var ledger = new AudioLedger(_clock);
        ledger.Sent("alice", [1, 2, 3], _clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        ledger.Heard("bob", [1, 2, 3], _clock.GetTimestamp());
        var heard = ledger.Of("bob", "alice");
        Assert.Equal((1, 1, TimeSpan.FromMilliseconds(7)), (heard.Frames, heard.DistinctFrames, heard.Delays.Single()));
        Assert.Equal(1, ledger.SentFrames["alice"]);
    }

    [Fact]
    public void A_frame_with_one_other_octet_was_sent_by_nobody()
    {
        var ledger = new AudioLedger(_clock);
        ledger.Sent("alice", [1, 2, 3], _clock.GetTimestamp());
        ledger.Heard("bob", [1, 2, 4], _clock.GetTimestamp());
        Assert.Equal(0, ledger.Of("bob", "alice").Frames);
        Assert.Equal(1, ledger.Of("bob", null).Frames);
    }

    [Fact]
    public void A_frame_heard_twice_counts_once_among_the_different_ones()
    {
        var ledger = new AudioLedger(_clock);
        ledger.Sent("alice", [1], _clock.GetTimestamp());
        ledger.Heard("bob", [1], _clock.GetTimestamp());
        ledger.Heard("bob", [1], _clock.GetTimestamp());
        Assert.Equal((2, 1), (ledger.Of("bob", "alice").Frames, ledger.Of("bob", "alice").DistinctFrames));
    }
}
