using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>Brings the actor of a cell into memory, and back after a failure, ever later as long as it fails.</summary>
internal sealed class CellRecovery(CellServices services, ActorAddress address, Outbox outbox)
{
    private readonly string _persistenceId = address.PersistenceId();
    private bool _wasLoaded;
    private int _failures;

    /// <summary>The actor, or why it cannot be had; then it is tried again by itself.</summary>
    public async ValueTask<(LoadedActor? Actor, Reply? Failed)> LoadAsync()
    {
        try
        {
            return (await ReadAsync(), null);
        }
        catch (JournalReadException failure)
        {
            return (null, NotLoaded(UnavailableReason.Journal, failure));
        }
        catch (Exception failure)
        {
            return (null, NotLoaded(UnavailableReason.RecoveryFailed, failure));
        }
    }

    /// <summary>An actor without commands must come back for its timers too.</summary>
    public void RetryLater()
    {
        var wait = services.Options.RecoveryRetryFirst * Math.Pow(2, Math.Min(_failures++, 30));
        wait = wait < services.Options.RecoveryRetryMax ? wait : services.Options.RecoveryRetryMax;
        services.Timers.Set(_persistenceId, UnixTime.UsOf(services.Time.GetUtcNow()) + (long)wait.TotalMicroseconds);
    }

    private async ValueTask<LoadedActor> ReadAsync()
    {
        var began = services.Time.GetTimestamp();
        var reader = new HistoryReader(services, address, _persistenceId);

        // The outbox outlives a stop: it knows better than the journal what was handed over.
        var history = await reader.ReadAsync(mark => _wasLoaded ? outbox.Last : mark, services.Stopping);
        var actor = new LoadedActor(services, address, _persistenceId, outbox, history);
        if (!_wasLoaded)
        {
            // What lives elsewhere is made anew first: effects of the past may rely on it, a leg on its media session.
            outbox.StartAt(Math.Min(history.HandedOver, history.SequenceNumber));
            actor.Resume();
        }

        history.Open.ForEach(actor.Reopen);
        outbox.Enqueue(history.SequenceNumber, []);
        actor.ArmTimers();
        _wasLoaded = true;
        _failures = 0;
        services.Metrics.ActorRecovered(address.Kind, services.Time.GetElapsedTime(began));
        return actor;
    }

    private Reply NotLoaded(UnavailableReason reason, Exception failure)
    {
        services.Metrics.RecoveryFailed();
        services.Logger.LogError("{PersistenceId} cannot be recovered: {Reason}", _persistenceId, failure.Message);
        RetryLater();
        return services.Unavailable(reason, failure.Message);
    }
}
