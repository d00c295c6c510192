using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

public sealed class ParticipantRunnerTests
{
    private readonly FakeClock _clock = new();
    private readonly List<ParticipantAction> _done = [];
    private readonly ParticipantRunner _runner;

    public ParticipantRunnerTests()
    {
        _runner = new ParticipantRunner(new ParticipantOptions(), _clock, _done.Add);
        _runner.Apply(new ParticipantInput.CallEstablished(ImplicitRequest: false, GrantedInAnswer: false));
    }

    [Fact]
    [Clause("TS24.380 11.1.1")]
    public void A_request_without_answer_is_sent_three_times_a_second_apart()
    {
        _runner.Apply(new ParticipantInput.Press());
        Assert.Single(_done.OfType<ParticipantAction.SendRequest>());
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Single(_done.OfType<ParticipantAction.SendRequest>());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _done.OfType<ParticipantAction.SendRequest>().Count());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, _done.OfType<ParticipantAction.SendRequest>().Count());
        Assert.IsType<ParticipantState.HasNoPermission>(_runner.State);
    }

    [Fact]
    [Clause("TS24.380 11.1.1")]
    public void A_stopped_timer_does_not_fire()
    {
        _runner.Apply(new ParticipantInput.Press());
        _runner.Apply(new ParticipantInput.Granted());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_done.OfType<ParticipantAction.SendRequest>());
        Assert.IsType<ParticipantState.HasPermission>(_runner.State);
    }

    [Fact]
    [Clause("TS24.380 11.1.1")]
    public void Each_packet_of_the_talker_moves_T103_on()
    {
        for (var i = 0; i < 5; i++)
        {
            _runner.Apply(new ParticipantInput.MediaReceived());
            _clock.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.Empty(_done);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new ParticipantAction.Tell(new FloorNotice.TalkerSilent())], _done);
    }

    [Fact]
    public void After_its_end_nothing_happens_any_more()
    {
        _runner.Apply(new ParticipantInput.Press());
        _done.Clear();
        _runner.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _runner.Apply(new ParticipantInput.Granted());
        Assert.Empty(_done);
    }
}
