using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Reads a journal for ever: each event once, in the order of its ordering, none skipped whoever writes it. The ordering of the last event taken is the place
/// from which another follower goes on later. A page of the reader is in memory at most, and nothing is read before it is asked for, so a slow consumer holds up
/// nobody. A journal that cannot be read is tried again until it can.
/// </summary>
public sealed class JournalFollower(IJournalReader journal, JournalFollowerOptions options, TimeProvider time, ILogger<JournalFollower> logger)
{
    /// <summary>All events after an ordering.</summary>
    public IAsyncEnumerable<StoredEvent> FollowAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        FollowAsync(journal.ReadAllAsync, afterOrdering, cancellationToken);

    /// <summary>Events that carry a tag (<see cref="EventTags"/>) after an ordering.</summary>
    public IAsyncEnumerable<StoredEvent> FollowTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        FollowAsync((after, cancel) => journal.ReadTagAsync(tag, after, cancel), afterOrdering, cancellationToken);

    private async IAsyncEnumerable<StoredEvent> FollowAsync(
        Func<long, CancellationToken, IAsyncEnumerable<StoredEvent>> read, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = new FollowerPause(options, time);
        while (true)
        {
            // Before reading: a commit that comes after the last page ends the wait.
            var commit = journal.Commits?.NextAsync();
            JournalReadException? failure = null;
            var start = after;
            await using (var events = read(after, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync())
                        {
                            break;
                        }
                    }
                    catch (JournalReadException caught)
                    {
                        failure = caught;
                        break;
                    }

                    after = Next(after, events.Current);
                    yield return events.Current;
                }
            }

            Report(pause.Failures, failure, after);
            pause.Read(found: after > start, failed: failure is not null);
            await pause.WaitAsync(commit, cancellationToken);
        }
    }

    private static long Next(long after, in StoredEvent stored) =>
        stored.Ordering > after
            ? stored.Ordering
            : throw new InvalidOperationException($"the journal's reader gave {stored.Ordering} after {after}");

    /// <summary>The first failure and the end of failures; not each try.</summary>
    private void Report(int failuresBefore, JournalReadException? failure, long after)
    {
        if (failure is not null && failuresBefore == 0)
        {
            logger.LogWarning("The journal cannot be read after {Ordering} and is tried again: {Reason}", after, failure.Message);
        }
        else if (failure is null && failuresBefore > 0)
        {
            logger.LogInformation("The journal is read again, after {Ordering}", after);
        }
    }
}
