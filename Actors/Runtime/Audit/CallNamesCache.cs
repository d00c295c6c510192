using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Whose leg is whose in the calls that were read last. A call that is not in it any more, or began before the reading did, is looked up in its history.</summary>
internal sealed class CallNamesCache(IJournalReader journal)
{
    /// <summary>Legs of all calls in it; beyond that the calls that were asked for longest ago are forgotten.</summary>
    private const int LegLimit = 50_000;

    private readonly Dictionary<string, LinkedListNode<Entry>> _calls = [];
    private readonly LinkedList<Entry> _byUse = [];
    private int _legs;

    /// <summary>Null: the event is of no call.</summary>
    public async ValueTask<CallNames?> TakeAsync(ActorAddress actor, StoredEvent stored, DomainEvent happened, CancellationToken cancellationToken)
    {
        if (actor.Kind is not (ActorKindName.Call or ActorKindName.Floor))
        {
            return null;
        }

        if (_calls.TryGetValue(actor.Id, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }
        else
        {
            var isFirst = actor.Kind == ActorKindName.Call && stored.SequenceNumber == 1;
            node = _byUse.AddFirst(new Entry(actor.Id, isFirst ? new CallNames() : await LoadAsync(actor.Id, stored.Ordering, cancellationToken)));
            _calls.Add(actor.Id, node);
            _legs += node.Value.Names.Users.Count;
        }

        var names = node.Value.Names;
        var before = names.Users.Count;
        names.Take(happened);
        _legs += names.Users.Count - before;
        ForgetOldest();
        return names;
    }

    private async ValueTask<CallNames> LoadAsync(string call, long until, CancellationToken cancellationToken)
    {
        var names = new CallNames();
        await foreach (var stored in journal.ReadActorAsync(ActorAddresses.Call(call).PersistenceId(), 1, cancellationToken))
        {
            if (stored.Ordering > until)
            {
                break;
            }

            if (stored.TryReadEnvelope(out var envelope))
            {
                names.Take(envelope.Event);
            }
        }

        return names;
    }

    private void ForgetOldest()
    {
        // A call without legs counts too, or a journal of such would fill the memory.
        while (_legs + _calls.Count > LegLimit && _calls.Count > 1 && _byUse.Last is { } oldest)
        {
            _byUse.RemoveLast();
            _calls.Remove(oldest.Value.Call);
            _legs -= oldest.Value.Names.Users.Count;
        }
    }

    private sealed record Entry(string Call, CallNames Names);
}
