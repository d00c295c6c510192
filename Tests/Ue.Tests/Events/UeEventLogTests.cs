using Mcptt.Testing;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Tests.Events;

public sealed class UeEventLogTests
{
    private readonly FakeClock _clock = new();
    private readonly UeEventLog _log;

    public UeEventLogTests() => _log = new UeEventLog(_clock);

    [Fact]
    public async Task A_waiting_reader_gets_the_first_event_that_fits()
    {
        var place = new EventPlace();
        var waiting = _log.WaitForAsync(place, happened => happened.Has("status", "183"), TimeSpan.FromSeconds(1), default);
        Append(180);
        Append(183);
        Append(183);
        Assert.NotNull(await waiting);
        Assert.Equal(2, place.Number);
    }

    [Fact]
    public async Task A_reader_whose_time_is_over_gets_nothing()
    {
        var waiting = _log.WaitForAsync(new EventPlace(), _ => false, TimeSpan.FromSeconds(1), default);
        Append(180);
        await Task.Yield();
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        Assert.Null(await waiting);
    }

    [Fact]
    public void The_oldest_go_when_it_is_full()
    {
        for (var i = 0; i < UeEventLog.Capacity + 5; i++)
        {
            Append(i);
        }

        var kept = _log.Since(0).Cast<CallProgressed>().ToList();
        Assert.Equal((UeEventLog.Capacity, 5, UeEventLog.Capacity + 4), (kept.Count, kept[0].Status, kept[^1].Status));
        Assert.Equal(UeEventLog.Capacity + 5, _log.End);
    }

    [Fact]
    public async Task A_stream_gives_events_in_order_as_they_come()
    {
        Append(1);
        var statuses = new List<int>();
        await foreach (var happened in _log.ReadAsync())
        {
            statuses.Add(((CallProgressed)happened).Status);
            if (statuses.Count == 3)
            {
                break;
            }

            Append(statuses.Count + 1);
        }

        Assert.Equal([1, 2, 3], statuses);
    }

    [Fact]
    public void A_line_for_machines_is_one_JSON_object()
    {
        var line = EventLine.Json(new CallEnded(_clock.GetUtcNow(), "said \"bye\""), "sip:alice@example.org");
        using var json = System.Text.Json.JsonDocument.Parse(line);
        Assert.Equal(("ended", "said \"bye\"", "sip:alice@example.org"), (
            json.RootElement.GetProperty("event").GetString(), json.RootElement.GetProperty("cause").GetString(), json.RootElement.GetProperty("user").GetString()));
        Assert.DoesNotContain('\n', line);
    }

    private void Append(int status) => _log.Append(new CallProgressed(_clock.GetUtcNow(), status));
}
