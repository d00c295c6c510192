using System.Security.Cryptography;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>The history of an actor contradicts itself or this program cannot read it.</summary>
internal sealed class BadHistoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An event of the past with the effects it had, not stamped.</summary>
internal readonly record struct PastEvent(long SequenceNumber, EventEnvelope Envelope, IEnumerable<Effect> Effects);

/// <summary>Where an actor stands after its history was read.</summary>
internal sealed class LoadedHistory
{
    public required ActorModel Model { get; set; }

    public RememberedReplies Remembered { get; set; } = new(0);

    public LiveMark? Live { get; set; }

    /// <summary>The history is in an archive and the actor has ended: it starts no new one.</summary>
    public bool IsArchived { get; init; }

    public long SnapshotSequenceNumber { get; set; }

    /// <summary>Effects up to here were taken, as far as the journal knows.</summary>
    public long HandedOver { get; set; }

    /// <summary>Events after that mark, whose effects are to be handed over again.</summary>
    public List<PastEvent> Open { get; } = [];

    public long SequenceNumber { get; set; }

    public long LastTimeUs { get; set; }

    public byte[] LastSha256 { get; set; } = [];

    /// <summary>First event of the command whose events are being read.</summary>
    public long CommandStart { get; set; }
}

/// <summary>
/// Reads snapshot and tail of one actor and evolves only. Sequence numbers must be consecutive, commands whole and every
/// envelope must carry the SHA-256 of the one before it. A snapshot that does not fit its history is passed over.
/// </summary>
internal sealed class HistoryReader(CellServices services, ActorAddress address, string persistenceId)
{
    /// <param name="openFrom">Given the mark, the sequence number after which the effects of past events are wanted.</param>
    public async ValueTask<LoadedHistory> ReadAsync(Func<long, long> openFrom, CancellationToken cancellationToken)
    {
        var start = await services.Journal.ReadStartAsync(persistenceId, cancellationToken);
        if (start.IsArchived)
        {
            return new() { Model = services.Kinds.Create(address), IsArchived = true };
        }

        if (start.Snapshot is { } snapshot && await ReadFromAsync(snapshot, start.Live, openFrom, cancellationToken) is { } loaded)
        {
            return loaded;
        }

        var whole = New();
        whole.Live = start.Live;
        await TryReadTailAsync(whole, openFrom, cancellationToken);
        return whole;
    }

    /// <summary>Null, said aloud and counted: the snapshot cannot be used. As no snapshot was loaded then, the actor soon writes one in its place.</summary>
    private async ValueTask<LoadedHistory?> ReadFromAsync(
        StoredSnapshot snapshot, LiveMark? live, Func<long, long> openFrom, CancellationToken cancellationToken)
    {
        var problem = TryLoad(snapshot, out var history);
        if (history is not null)
        {
            history.Live = live;
            try
            {
                problem = await TryReadTailAsync(history, openFrom, cancellationToken) ? null : "is not of this history";
            }
            catch (BadHistoryException failure)
            {
                // The events after it may be sound and the state before them not. If it is the events, the whole history says so again.
                problem = $"does not lead on: {failure.Message}";
            }
        }

        if (problem is null)
        {
            return history;
        }

        services.Metrics.SnapshotUnusable();
        services.Logger.LogWarning(
            "The snapshot of {PersistenceId} at {SequenceNumber} {Problem}; its whole history is read", persistenceId, snapshot.SequenceNumber, problem);
        return null;
    }

    /// <summary>State and effects as they were at one past command. Right after a move, when commands are repeated, the stored snapshot is earlier than that as a rule, and shortens the way.</summary>
    public async ValueTask<IReadOnlyList<PastEvent>> ReadCommandAsync(long first, int count, CancellationToken cancellationToken)
    {
        var start = await services.Journal.ReadStartAsync(persistenceId, cancellationToken);
        if (start.Snapshot is { } snapshot && snapshot.SequenceNumber < first && TryLoad(snapshot, out var history) is null)
        {
            try
            {
                return await ReadCommandAsync(history!, first, count, cancellationToken); // Without a problem it was loaded.
            }
            catch (BadHistoryException)
            {
                // If it was not the snapshot, the whole history says so again.
            }
        }

        return await ReadCommandAsync(New(), first, count, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<PastEvent>> ReadCommandAsync(LoadedHistory history, long first, int count, CancellationToken cancellationToken)
    {
        var found = new List<PastEvent>(count);
        await foreach (var stored in services.Journal.ReadActorAsync(persistenceId, history.SequenceNumber + 1, cancellationToken))
        {
            var envelope = Check(history, stored);
            var effects = Evolve(history, stored, envelope);
            if (stored.SequenceNumber >= first)
            {
                found.Add(new PastEvent(stored.SequenceNumber, envelope, effects));
            }

            if (stored.SequenceNumber >= first + count - 1)
            {
                break;
            }
        }

        return found;
    }

    private LoadedHistory New() =>
        new() { Model = services.Kinds.Create(address), Remembered = new RememberedReplies(services.Options.RememberedCommands) };

    private string? TryLoad(in StoredSnapshot stored, out LoadedHistory? loaded)
    {
        loaded = null;
        var history = New();
        if (SnapshotFormat.Read(stored, persistenceId, history.Model.StateVersion, out var snapshot) is { } problem)
        {
            return problem;
        }

        try
        {
            history.Model.Load(snapshot.State);
            foreach (var remembered in snapshot.Remembered)
            {
                history.Remembered.Add(remembered.CommandId, remembered.Reply, remembered.FirstSequenceNumber, (int)remembered.Count);
            }
        }
        catch (Exception failure)
        {
            // Supervision: a snapshot is only a shortcut, whatever is wrong with it.
            return $"cannot be loaded: {failure.Message}";
        }

        history.SequenceNumber = history.SnapshotSequenceNumber = stored.SequenceNumber;
        history.HandedOver = snapshot.HandedOver;
        history.LastSha256 = snapshot.LastSha256.ToByteArray();
        loaded = history;
        return null;
    }

    /// <summary>False: the event at the snapshot's sequence number is not the one that the snapshot was made after.</summary>
    private async ValueTask<bool> TryReadTailAsync(LoadedHistory history, Func<long, long> openFrom, CancellationToken cancellationToken)
    {
        var anchor = history.SnapshotSequenceNumber;
        var anchored = anchor == 0;

        // Without a row in `live` nothing is open; a snapshot is only made when nothing is open before it.
        history.HandedOver = history.Live is { } mark ? Math.Max(mark.HandedOver, history.HandedOver) : long.MaxValue;
        var wanted = openFrom(history.HandedOver);
        await foreach (var stored in services.Journal.ReadActorAsync(persistenceId, Math.Max(1, anchor), cancellationToken))
        {
            if (stored.SequenceNumber == anchor)
            {
                if (!SHA256.HashData(stored.Message).AsSpan().SequenceEqual(history.LastSha256) || !stored.TryReadEnvelope(out var last))
                {
                    return false;
                }

                history.LastTimeUs = last.Event.TimeUs;
                anchored = true;
                continue;
            }

            if (!anchored)
            {
                return false;
            }

            var envelope = Check(history, stored);
            var effects = Evolve(history, stored, envelope);
            if (stored.SequenceNumber > wanted)
            {
                history.Open.Add(new PastEvent(stored.SequenceNumber, envelope, effects));
            }
        }

        if (anchored && history.CommandStart != 0)
        {
            throw new BadHistoryException($"{persistenceId}: the command that begins at {history.CommandStart} is not whole");
        }

        return anchored;
    }

    private EventEnvelope Check(LoadedHistory history, in StoredEvent stored)
    {
        if (stored.SequenceNumber != history.SequenceNumber + 1)
        {
            throw new BadHistoryException($"{persistenceId}: {stored.SequenceNumber} follows {history.SequenceNumber}");
        }

        if (!stored.TryReadEnvelope(out var envelope))
        {
            throw new BadHistoryException($"{persistenceId}: {stored.SequenceNumber} cannot be read (manifest {stored.Manifest})");
        }

        return envelope.PreviousSha256.Span.SequenceEqual(history.LastSha256)
            ? envelope
            : throw new BadHistoryException($"{persistenceId}: {stored.SequenceNumber} does not follow the event before it (SHA-256)");
    }

    private IEnumerable<Effect> Evolve(LoadedHistory history, in StoredEvent stored, EventEnvelope envelope)
    {
        IEnumerable<Effect> effects;
        try
        {
            effects = history.Model.Replay(envelope.Event);
        }
        catch (Exception failure)
        {
            throw new BadHistoryException($"{persistenceId}: {stored.SequenceNumber} cannot be evolved: {failure.Message}", failure);
        }

        history.SequenceNumber = stored.SequenceNumber;
        history.LastSha256 = SHA256.HashData(stored.Message);
        history.LastTimeUs = envelope.Event.TimeUs;
        if (envelope.Index == 0)
        {
            history.CommandStart = stored.SequenceNumber;
        }

        if (envelope.Index + 1 == envelope.Count)
        {
            history.Remembered.Add(envelope.CommandId, envelope.Reply ?? Replies.Accepted, history.CommandStart, (int)envelope.Count);
            history.CommandStart = 0;
        }

        return effects;
    }
}
