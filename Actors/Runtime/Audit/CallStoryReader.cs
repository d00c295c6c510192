using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Tells calls from any journal that can be read: live, an archive, a copy.</summary>
public sealed class CallStoryReader(IJournalReader journal) : ICallStories
{
    /// <summary>Events of one call that are told; a story of more says where it stops.</summary>
    public const int MaxEvents = 250_000;

    private static readonly string CallPrefix = ActorAddresses.Call("").PersistenceId();

    public ValueTask<IReadOnlyList<string>> FindAsync(string beginning, int limit, CancellationToken cancellationToken) =>
        GuardAsync(() => FindIdsAsync(beginning, limit, cancellationToken));

    public ValueTask<CallStory?> TellAsync(string call, CancellationToken cancellationToken) => GuardAsync(() => TellWholeAsync(call, cancellationToken));

    public ValueTask<IReadOnlyList<CallStory>> LatestAsync(CallFilter filter, int count, CancellationToken cancellationToken) =>
        GuardAsync(() => OutlineLatestAsync(filter, count, cancellationToken));

    private static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JournalReadException failure)
        {
            throw new AuditUnavailableException(failure.Message, failure);
        }
    }

    private async ValueTask<IReadOnlyList<string>> FindIdsAsync(string beginning, int limit, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (var persistenceId in journal.ReadPersistenceIdsAsync(CallPrefix + beginning, "", cancellationToken))
        {
            found.Add(persistenceId[CallPrefix.Length..]);
            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    private async ValueTask<CallStory?> TellWholeAsync(string call, CancellationToken cancellationToken)
    {
        var builder = new CallStoryBuilder(call);
        var events = 0;
        var fault = "";
        await foreach (var stored in journal.ReadTagAsync(EventTags.Call(call), 0, cancellationToken))
        {
            if (events++ == MaxEvents)
            {
                fault = $"only its first {MaxEvents} events are told";
                break;
            }

            if (stored.TryReadEnvelope(out var envelope))
            {
                builder.Take(stored.PersistenceId, stored.SequenceNumber, envelope);
            }
            else
            {
                fault = $"event {stored.SequenceNumber} of {stored.PersistenceId} cannot be read";
            }
        }

        return builder.IsFound ? WithFault(builder.Build(), fault) : null;
    }

    private async ValueTask<IReadOnlyList<CallStory>> OutlineLatestAsync(CallFilter filter, int count, CancellationToken cancellationToken)
    {
        // The latest by their beginnings, and only those are read whole.
        var latest = new PriorityQueue<string, long>();
        await foreach (var call in CandidatesAsync(filter, cancellationToken))
        {
            if (await BeginningAsync(call, cancellationToken) is { } startedUs && IsWithin(filter, startedUs))
            {
                latest.Enqueue(call, startedUs);
                if (latest.Count > count)
                {
                    latest.Dequeue();
                }
            }
        }

        var stories = new List<CallStory>(latest.Count);
        while (latest.TryDequeue(out var call, out _))
        {
            stories.Add(await OutlineAsync(call, cancellationToken));
        }

        stories.Reverse();
        return stories;
    }

    private static CallStory WithFault(CallStory story, string fault) =>
        fault.Length == 0 ? story : story with { Fault = story.Fault.Length == 0 ? fault : $"{fault}; {story.Fault}" };

    private static bool IsWithin(CallFilter filter, long startedUs)
    {
        var started = UnixTime.OfUs(startedUs);
        return (filter.From is not { } from || started >= from) && (filter.To is not { } to || started < to);
    }

    // A tag leads to the events that name somebody; without one every call is looked at.
    private async IAsyncEnumerable<string> CandidatesAsync(CallFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tags = new[] { filter.User.Length > 0 ? EventTags.User(filter.User) : "", filter.Group.Length > 0 ? EventTags.Group(filter.Group) : "" }.Where(tag => tag.Length > 0).ToList();
        if (tags.Count == 0)
        {
            await foreach (var persistenceId in journal.ReadPersistenceIdsAsync(CallPrefix, "", cancellationToken))
            {
                yield return persistenceId[CallPrefix.Length..];
            }

            yield break;
        }

        HashSet<string>? named = null;
        foreach (var tag in tags)
        {
            var calls = await NamedAsync(tag, cancellationToken);
            named = named is null ? calls : [.. named.Intersect(calls, StringComparer.Ordinal)];
        }

        foreach (var call in named ?? [])
        {
            yield return call;
        }
    }

    private async ValueTask<HashSet<string>> NamedAsync(string tag, CancellationToken cancellationToken)
    {
        var calls = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var stored in journal.ReadTagAsync(tag, 0, cancellationToken))
        {
            if (ActorAddresses.TryParse(stored.PersistenceId, out var actor) && actor.Kind is ActorKindName.Call or ActorKindName.Floor)
            {
                calls.Add(actor.Id);
            }
            else if (stored.TryReadEnvelope(out var envelope) && envelope.Event.Group is { } group && CallOf(group) is { Length: > 0 } call)
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    private static string? CallOf(GroupEvent happened) => happened.CallStarted?.Call ?? happened.CallJoined?.Call ?? happened.JoinRefused?.Call;

    private async ValueTask<long?> BeginningAsync(string call, CancellationToken cancellationToken)
    {
        await foreach (var stored in journal.ReadActorAsync(CallPrefix + call, 1, cancellationToken))
        {
            return stored.TryReadEnvelope(out var envelope) ? envelope.Event.TimeUs : null;
        }

        return null;
    }

    private async ValueTask<CallStory> OutlineAsync(string call, CancellationToken cancellationToken)
    {
        var builder = new CallStoryBuilder(call);
        await foreach (var stored in journal.ReadActorAsync(CallPrefix + call, 1, cancellationToken))
        {
            if (stored.TryReadEnvelope(out var envelope))
            {
                builder.Take(stored.PersistenceId, stored.SequenceNumber, envelope);
            }
        }

        return builder.Build() with { Moments = [] };
    }
}
