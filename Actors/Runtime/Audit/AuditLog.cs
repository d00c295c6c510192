using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Answers a query from the journal by the shortest way: an actor's history, a tag, or everything from a moment on. One reading at a time.</summary>
internal sealed class AuditLog(IJournalReader journal, AuditQuery query)
{
    private readonly CallNamesCache _names = new(journal);

    public async IAsyncEnumerable<AuditEntry> ReadAsync(long untilOrdering, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Who wrote later than this was not before `To`, however wrong the clocks were within their tolerance.
        var latest = query.To is { } to && to < DateTimeOffset.MaxValue - JournalSearch.ClockTolerance ? to + JournalSearch.ClockTolerance : DateTimeOffset.MaxValue;
        await foreach (var stored in SourceAsync(cancellationToken))
        {
            if (stored.Ordering > untilOrdering || stored.Created > latest)
            {
                if (query.Actor.Length > 0 && stored.Ordering <= untilOrdering)
                {
                    continue;
                }

                break;
            }

            if (stored.Ordering > query.AfterOrdering && await MatchAsync(stored, cancellationToken) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Null: it is not asked for.</summary>
    public async ValueTask<AuditEntry?> MatchAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (query.Actor.Length > 0 && stored.PersistenceId != query.Actor)
        {
            return null;
        }

        var actor = ActorAddresses.TryParse(stored.PersistenceId, out var address) ? address : null;
        if (!stored.TryReadEnvelope(out var envelope))
        {
            return query.Kinds.Count > 0 || query.User.Length + query.Group.Length + query.Call.Length > 0 ? null : AuditEntries.Unreadable(stored);
        }

        var names = actor is null ? null : await _names.TakeAsync(actor, stored, envelope.Event, cancellationToken);
        if (!IsInTime(envelope.Event.TimeUs) || (query.Kinds.Count > 0 && !query.Kinds.Contains(EventKinds.Of(envelope.Event))))
        {
            return null;
        }

        var entry = AuditEntries.Of(stored, envelope, names);
        return IsAbout(entry, actor, envelope) ? entry : null;
    }

    private async IAsyncEnumerable<StoredEvent> SourceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Actor.Length > 0)
        {
            await foreach (var stored in journal.ReadActorAsync(query.Actor, 1, cancellationToken))
            {
                yield return stored;
            }

            yield break;
        }

        var moment = query.From is { } from ? await JournalSearch.BeforeAsync(journal, from, cancellationToken) : 0;
        var after = Math.Max(moment, query.AfterOrdering);
        var events =
            query.Call.Length > 0 ? journal.ReadTagAsync(EventTags.Call(query.Call), after, cancellationToken)
            : query.User.Length > 0 ? new TaggedCalls(journal).ReadAsync(EventTags.User(query.User), after, cancellationToken)
            : query.Group.Length > 0 ? new TaggedCalls(journal).ReadAsync(EventTags.Group(query.Group), after, cancellationToken)
            : journal.ReadAllAsync(after, cancellationToken);
        await foreach (var stored in events)
        {
            yield return stored;
        }
    }

    private bool IsInTime(long timeUs) =>
        AuditEntries.Time(timeUs) is var time && (query.From is not { } from || time >= from) && (query.To is not { } to || time < to);

    private bool IsAbout(AuditEntry entry, ActorAddress? actor, EventEnvelope envelope)
    {
        if (query.User.Length + query.Group.Length + query.Call.Length == 0)
        {
            return true;
        }

        var tags = actor is null ? [] : EventTags.Of(actor, envelope);
        var told = entry.Description;
        return (query.User.Length == 0 || told.User == query.User || tags.Contains(EventTags.User(query.User)))
            && (query.Group.Length == 0 || told.Group == query.Group || tags.Contains(EventTags.Group(query.Group)))
            && (query.Call.Length == 0 || told.Call == query.Call || tags.Contains(EventTags.Call(query.Call)));
    }
}
