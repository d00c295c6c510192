using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Audit;

/// <summary>Reads any journal for auditors: a live one, a copy, an archive.</summary>
/// <param name="kinds">Those whose state can be replayed.</param>
public sealed class AuditReader(IJournalReader journal, ActorKinds kinds, TimeProvider time, ILoggerFactory loggers) : IAuditReader
{
    public IAsyncEnumerable<AuditEntry> ReadAsync(AuditQuery query, CancellationToken cancellationToken) =>
        GuardAsync(new AuditLog(journal, query).ReadAsync(long.MaxValue, cancellationToken), cancellationToken);

    public IAsyncEnumerable<AuditEntry> FollowAsync(AuditQuery query, CancellationToken cancellationToken) => GuardAsync(FollowOnAsync(query, cancellationToken), cancellationToken);

    public async ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await journal.ReadLastOrderingAsync(cancellationToken);
        }
        catch (JournalReadException failure)
        {
            throw Unavailable(failure);
        }
    }

    public async ValueTask<ReplayedState?> ReplayAsync(string persistenceId, ReplayPoint point, CancellationToken cancellationToken)
    {
        try
        {
            return await new ActorReplay(journal, kinds).AtAsync(persistenceId, point, cancellationToken);
        }
        catch (Exception failure) when (failure is AuditException or JournalReadException)
        {
            throw Unavailable(failure);
        }
    }

    public IAsyncEnumerable<ReplayedState> StepsAsync(string persistenceId, CancellationToken cancellationToken) =>
        GuardAsync(new ActorReplay(journal, kinds).StepsAsync(persistenceId, cancellationToken), cancellationToken);

    public async ValueTask<IReadOnlyList<string>> FindActorsAsync(string written, CancellationToken cancellationToken)
    {
        try
        {
            var found = new List<string>();
            foreach (var candidate in Candidates(written))
            {
                if (await journal.ReadActorAsync(candidate, 1, cancellationToken).AnyAsync(cancellationToken))
                {
                    found.Add(candidate);
                }
            }

            return found;
        }
        catch (JournalReadException failure)
        {
            throw Unavailable(failure);
        }
    }

    private async IAsyncEnumerable<AuditEntry> FollowOnAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = new AuditLog(journal, query);
        var now = await journal.ReadLastOrderingAsync(cancellationToken);
        await foreach (var entry in log.ReadAsync(now, cancellationToken))
        {
            yield return entry;
        }

        var follower = new JournalFollower(journal, new JournalFollowerOptions(), time, loggers.CreateLogger<JournalFollower>());
        await foreach (var stored in follower.FollowAllAsync(Math.Max(now, query.AfterOrdering), cancellationToken))
        {
            if (await log.MatchAsync(stored, cancellationToken) is { } entry)
            {
                yield return entry;
            }
        }
    }

    // An identity may be a user's or a group's, and a call has two actors.
    private static IEnumerable<string> Candidates(string written) =>
        ActorAddresses.TryParse(written, out _) ? [written]
        : written.Contains(':', StringComparison.Ordinal) ? [ActorAddresses.Ue(written).PersistenceId(), ActorAddresses.Group(written).PersistenceId()]
        : written.Length > 0 ? [ActorAddresses.Call(written).PersistenceId(), ActorAddresses.Floor(written).PersistenceId()]
        : [];

    private static async IAsyncEnumerable<T> GuardAsync<T>(IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = source.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (failure is AuditException or JournalReadException)
            {
                throw Unavailable(failure);
            }

            yield return items.Current;
        }
    }

    private static AuditUnavailableException Unavailable(Exception failure) => new(failure.Message, failure) { IsBroken = failure is AuditException };
}
