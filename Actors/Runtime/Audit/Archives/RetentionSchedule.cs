namespace Mcptt.Actors.Audit.Archives;

/// <summary>When the server archives: at a time of the day in UTC, and at every so many hours from there on.</summary>
public sealed record RetentionSchedule(TimeOnly At, TimeSpan Every)
{
    /// <summary>The first moment after another one. The same for every node and after every restart.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var anchor = DateTimeOffset.UnixEpoch + At.ToTimeSpan();
        var past = after - anchor;
        var turns = Math.Floor(past / Every) + 1;
        return anchor + (Every * turns);
    }
}
