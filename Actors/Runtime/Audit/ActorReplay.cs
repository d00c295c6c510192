using System.Runtime.CompilerServices;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Brings an actor back to what it was, from its first event on, by the evolvers that the server runs.</summary>
internal sealed class ActorReplay(IJournalReader journal, ActorKinds kinds)
{
    /// <summary>Null: it never had an event.</summary>
    public async ValueTask<ReplayedState?> AtAsync(string persistenceId, ReplayPoint point, CancellationToken cancellationToken)
    {
        var (address, model) = New(persistenceId);
        var isThere = true;
        long applied = 0;
        long last = 0;
        AuditEntry? entry = null;
        var names = new CallNamesCache(journal);
        await foreach (var stored in journal.ReadActorAsync(persistenceId, 1, cancellationToken))
        {
            last = stored.SequenceNumber;
            isThere = isThere && IsWithin(stored, point);
            if (isThere)
            {
                var envelope = Apply(model, stored, applied);
                applied = stored.SequenceNumber;
                entry = AuditEntries.Of(stored, envelope, await names.TakeAsync(address, stored, envelope.Event, cancellationToken));
            }
        }

        return last == 0 ? null : new ReplayedState(persistenceId, applied, last, entry, model.Save());
    }

    public async IAsyncEnumerable<ReplayedState> StepsAsync(string persistenceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (address, model) = New(persistenceId);
        long applied = 0;
        var names = new CallNamesCache(journal);
        await foreach (var stored in journal.ReadActorAsync(persistenceId, 1, cancellationToken))
        {
            var envelope = Apply(model, stored, applied);
            applied = stored.SequenceNumber;
            var entry = AuditEntries.Of(stored, envelope, await names.TakeAsync(address, stored, envelope.Event, cancellationToken));
            yield return new ReplayedState(persistenceId, applied, applied, entry, model.Save());
        }
    }

    private (ActorAddress Address, ActorModel Model) New(string persistenceId) =>
        ActorAddresses.TryParse(persistenceId, out var address) && kinds.Knows(address.Kind)
            ? (address, kinds.Create(address))
            : throw new AuditException($"\"{persistenceId}\" is no actor whose state can be replayed: ue-, group-, call- and floor- have one");

    private static bool IsWithin(in StoredEvent stored, ReplayPoint point) =>
        (point.SequenceNumber is not { } number || stored.SequenceNumber <= number)
        && (point.At is not { } at || !stored.TryReadEnvelope(out var envelope) || AuditEntries.Time(envelope.Event.TimeUs) <= at);

    private static EventEnvelope Apply(ActorModel model, in StoredEvent stored, long applied)
    {
        if (stored.SequenceNumber != applied + 1)
        {
            throw new AuditException($"{stored.PersistenceId}: event {applied + 1} is missing, the next one is {stored.SequenceNumber}; \"mcptt audit verify\" tells more");
        }

        if (!stored.TryReadEnvelope(out var envelope))
        {
            throw new AuditException($"{stored.PersistenceId}: event {stored.SequenceNumber} cannot be read (manifest \"{stored.Manifest}\")");
        }

        try
        {
            model.Evolve(envelope.Event);
            return envelope;
        }
        catch (Exception failure)
        {
            // An evolver throws on what cannot have happened: here that is a finding about the journal, not a fault of the program.
            throw new AuditException($"{stored.PersistenceId}: event {stored.SequenceNumber} does not fit those before it: {failure.Message}", failure);
        }
    }
}

/// <summary>The history cannot be replayed; the message says from where on.</summary>
internal sealed class AuditException(string message, Exception? inner = null) : Exception(message, inner);
