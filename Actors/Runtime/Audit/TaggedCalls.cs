using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Events with the tag of a user or a group, and all events of the calls that those name, in the order of the journal: most events of a
/// call name a leg only, and so carry the call's tag alone. Each call is read from its own tag, so nothing of others is.
/// </summary>
internal sealed class TaggedCalls(IJournalReader journal)
{
    /// <summary>Calls of one user or group that go on at the same time; more of them cannot be told in order, and the reading fails.</summary>
    private const int OpenLimit = 1_000;

    private readonly PriorityQueue<Stream, long> _next = new();
    private readonly HashSet<string> _open = [];

    public async IAsyncEnumerable<StoredEvent> ReadAsync(string tag, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            foreach (var call in await UnderWayAsync(tag, after, cancellationToken))
            {
                await OpenAsync(call, after, cancellationToken);
            }

            await AddAsync(new Stream(journal.ReadTagAsync(tag, after, cancellationToken).GetAsyncEnumerator(cancellationToken), null));
            var last = after;
            while (_next.TryDequeue(out var stream, out _))
            {
                var stored = stream.Events.Current;
                if (stored.Ordering > last)
                {
                    last = stored.Ordering;
                    yield return stored;
                }

                if (stream.Call is null && CallOf(stored) is { } call && !_open.Contains(call))
                {
                    await OpenAsync(call, stored.Ordering, cancellationToken);
                }

                await AddAsync(stream);
            }
        }
        finally
        {
            foreach (var (stream, _) in _next.UnorderedItems)
            {
                await stream.Events.DisposeAsync();
            }
        }
    }

    /// <summary>Calls that were named before a place in the journal, and not said to be over long before it: the floor and the legs of a call may end after that is said.</summary>
    private async ValueTask<IReadOnlyCollection<string>> UnderWayAsync(string tag, long until, CancellationToken cancellationToken)
    {
        if (until == 0)
        {
            return [];
        }

        var isOverBy = new Dictionary<string, DateTimeOffset>();
        await foreach (var stored in journal.ReadTagAsync(tag, 0, cancellationToken))
        {
            if (stored.Ordering > until)
            {
                break;
            }

            if (CallOf(stored) is { } call)
            {
                var isOver = IsOver(stored) || (isOverBy.TryGetValue(call, out var over) && over != DateTimeOffset.MaxValue);
                isOverBy[call] = isOver ? stored.Created : DateTimeOffset.MaxValue;
            }
        }

        var moment = await journal.ReadPointAsync(until, cancellationToken) is { } point ? point.Created : DateTimeOffset.MaxValue;
        return [.. isOverBy.Where(call => call.Value >= moment - JournalSearch.ClockTolerance).Select(call => call.Key)];
    }

    private async ValueTask OpenAsync(string call, long after, CancellationToken cancellationToken)
    {
        if (_open.Count >= OpenLimit)
        {
            throw new JournalReadException($"more than {OpenLimit} calls go on at the same time; narrow the question by --call");
        }

        _open.Add(call);
        await AddAsync(new Stream(journal.ReadTagAsync(EventTags.Call(call), after, cancellationToken).GetAsyncEnumerator(cancellationToken), call));
    }

    private async ValueTask AddAsync(Stream stream)
    {
        if (await stream.Events.MoveNextAsync())
        {
            _next.Enqueue(stream, stream.Events.Current.Ordering);
            return;
        }

        await stream.Events.DisposeAsync();
        if (stream.Call is { } call)
        {
            _open.Remove(call);
        }
    }

    private static string? CallOf(in StoredEvent stored)
    {
        const string prefix = "call:";
        return ActorAddresses.TryParse(stored.PersistenceId, out var actor) && stored.TryReadEnvelope(out var envelope)
            ? EventTags.Of(actor, envelope).FirstOrDefault(tag => tag.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..]
            : null;
    }

    private static bool IsOver(in StoredEvent stored) =>
        stored.TryReadEnvelope(out var envelope)
        && (envelope.Event.Group?.BodyCase == GroupEvent.BodyOneofCase.CallCleared || envelope.Event.Call?.BodyCase == CallEvent.BodyOneofCase.Finished);

    /// <param name="Call">Null: the tag that was asked for.</param>
    private sealed record Stream(IAsyncEnumerator<StoredEvent> Events, string? Call);
}
