namespace Mcptt.Actors.Journals;

/// <summary>Finds a moment in a journal without reading what was before it.</summary>
public static class JournalSearch
{
    /// <summary>
    /// How far the clocks of those who write may be apart, or be set back. Events are ordered by their commits and `created` follows that
    /// order only so far; a search begins this much earlier and a reader goes on this much longer.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>
    /// An ordering after which every event stands that was stored at a moment or later, if no clock was wrong by more than
    /// <see cref="ClockTolerance"/>. Takes as many steps as the number of events has binary digits.
    /// </summary>
    public static async ValueTask<long> BeforeAsync(IJournalReader journal, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var earliest = moment.UtcDateTime - DateTime.MinValue > ClockTolerance ? moment - ClockTolerance : DateTimeOffset.MinValue;
        long early = 0;
        var late = await journal.ReadLastOrderingAsync(cancellationToken);

        // Invariant: what stands at or before `early` was stored before the moment.
        while (early < late)
        {
            var middle = early + ((late - early) / 2);
            if (await journal.ReadPointAsync(middle, cancellationToken) is { } point && point.Ordering <= late && point.Created < earliest)
            {
                early = point.Ordering;
            }
            else
            {
                late = middle;
            }
        }

        return early;
    }
}
