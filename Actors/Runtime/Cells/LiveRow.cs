using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Cells;

/// <summary>
/// What one actor knows of its row in `live`. The invariant: while effects are open or a timer runs, the journal has a row that is
/// due no later than that. So it is lowered with the events, in their transaction, and raised or removed later by notes, which may be lost.
/// </summary>
internal sealed class LiveRow(CellServices services, string persistenceId, LiveMark? stored)
{
    // As this incarnation wrote it. What was there before may be removed by a note that still waits for the writer, so it is not relied
    // on, only removed in the end.
    private LiveMark? _known;
    private bool _mayExist = stored is not null;

    /// <summary>The row that must be written with these events, if any.</summary>
    public LiveMark? WithAppend(ActorModel.Staged staged, long handedOver)
    {
        var due = staged.Effects.Any(effects => effects.Length > 0) ? 0 : ActorTimers.Earliest(staged.Timers);
        return due is { } at && (_known is not { } known || at < known.DueUs) ? new LiveMark(handedOver, at) : null;
    }

    public void Written(LiveMark? withAppend)
    {
        _known = withAppend ?? _known;
        _mayExist |= withAppend is not null;
    }

    /// <summary>Posts the wanted row where it differs enough; exactly so before the actor is unloaded.</summary>
    public void Note(LiveMark? wanted, bool exact)
    {
        if (!IsNeeded(wanted, exact))
        {
            return;
        }

        services.Post(new LiveNote(persistenceId, wanted));
        _mayExist = wanted is not null;
        _known = _known is null ? null : wanted;
    }

    /// <summary>A due time that is too early only loads the actor for nothing; so it is corrected only when that is exact or cheap.</summary>
    private bool IsNeeded(LiveMark? wanted, bool exact)
    {
        if (wanted is null)
        {
            return _mayExist;
        }

        if (exact || _known is not { } known)
        {
            return wanted != _known;
        }

        return wanted.Value.DueUs < known.DueUs || (known.DueUs == 0 && wanted != known);
    }
}
