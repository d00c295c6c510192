using Mcptt.Load.Measuring;
using Mcptt.Load.Running;
using Mcptt.Testing;

namespace Mcptt.Load.Tests;

public sealed class PacerTests
{
    private readonly FakeClock _clock = new();
    private readonly LoadMeasures _measures;
    private readonly Pacer _pacer;

    public PacerTests()
    {
        _measures = new LoadMeasures(_clock);
        _pacer = new Pacer(_clock, _measures);
    }

    [Fact]
    public async Task A_step_waits_for_its_time()
    {
        var due = _pacer.After(_pacer.Now, TimeSpan.FromSeconds(3));
        var step = _pacer.UntilAsync(due, CancellationToken.None).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(step.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(due, await step);
        Assert.Equal(0, _measures.All(MeasureKind.ScheduleLag).MaxMs);
    }

    [Fact]
    public async Task A_late_step_counts_from_its_time_and_its_lag_is_told()
    {
        var due = _pacer.Now;
        _clock.Advance(TimeSpan.FromMilliseconds(70));

        var start = await _pacer.UntilAsync(due, CancellationToken.None);

        Assert.Equal(due, start);
        Assert.InRange(_measures.All(MeasureKind.ScheduleLag).MaxMs, 70, 70.6);
    }

    [Fact]
    public async Task A_lag_below_the_timers_resolution_is_none()
    {
        var due = _pacer.Now;
        _clock.Advance(TimeSpan.FromMilliseconds(1.5));

        Assert.Equal(_pacer.Now, await _pacer.UntilAsync(due, CancellationToken.None));
        Assert.Equal(1, _measures.All(MeasureKind.ScheduleLag).Count);
    }

    [Fact]
    public async Task A_run_that_is_cut_short_waits_for_nothing_and_measures_nothing()
    {
        using var stop = new CancellationTokenSource();
        var step = _pacer.UntilAsync(_pacer.After(_pacer.Now, TimeSpan.FromHours(1)), stop.Token).AsTask();

        await stop.CancelAsync();

        await step.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, _measures.All(MeasureKind.ScheduleLag).Count);
    }

    [Fact]
    public void Only_what_begins_in_the_steady_phase_is_judged()
    {
        var start = _pacer.Now;
        _measures.SteadyBetween(_pacer.After(start, TimeSpan.FromSeconds(1)), _pacer.After(start, TimeSpan.FromSeconds(2)));
        foreach (var second in new[] { 0.5, 1.5, 2.5 })
        {
            var begun = _pacer.After(start, TimeSpan.FromSeconds(second));
            _measures.Record(MeasureKind.FloorAccess, begun, _pacer.After(begun, TimeSpan.FromMilliseconds(second * 100)));
        }

        Assert.Equal(3, _measures.All(MeasureKind.FloorAccess).Count);
        Assert.Equal(1, _measures.Judged(MeasureKind.FloorAccess).Count);
        Assert.InRange(_measures.Judged(MeasureKind.FloorAccess).MaxMs, 150, 151);
    }
}
