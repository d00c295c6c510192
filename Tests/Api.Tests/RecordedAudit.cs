using System.Runtime.CompilerServices;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Tests;

/// <summary>An audit reader with a history of one group, which remembers what it was asked.</summary>
internal sealed class RecordedAudit : IAuditReader
{
    public const string Group = "group-sip:brigade@example.org";

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero);

    /// <summary>How many readings began.</summary>
    public int Asked;

    public List<AuditQuery> Queries { get; } = [];

    /// <summary>How many events there are, one each second.</summary>
    public int Events { get; set; } = 3;

    /// <summary>Thrown after so many entries.</summary>
    public (int After, AuditUnavailableException Failure)? Fails { get; set; }

    /// <summary>Readings wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async IAsyncEnumerable<AuditEntry> ReadAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (Queries)
        {
            Queries.Add(query);
        }

        Interlocked.Increment(ref Asked);
        await Gate.WaitAsync(cancellationToken);
        for (var i = 1; i <= Events; i++)
        {
            if (Fails is { } fails && fails.After < i)
            {
                throw fails.Failure;
            }

            if (i > query.AfterOrdering)
            {
                yield return Entry(i);
            }
        }
    }

    /// <summary>Waits for more when all was read.</summary>
    public async IAsyncEnumerable<AuditEntry> FollowAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = query.AfterOrdering; ;)
        {
            await foreach (var entry in ReadAsync(query with { AfterOrdering = after }, cancellationToken))
            {
                after = entry.Ordering;
                yield return entry;
            }

            await Task.Delay(1, cancellationToken);
        }
    }

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => new(Events);

    public ValueTask<ReplayedState?> ReplayAsync(string persistenceId, ReplayPoint point, CancellationToken cancellationToken)
    {
        if (Fails is { } fails)
        {
            throw fails.Failure;
        }

        var number = point.SequenceNumber ?? (point.At is { } at ? (long)(at - Start).TotalSeconds : Events);
        var state = new DomainSnapshot { Group = new GroupSnapshot { Document = new GroupDocument { GroupId = "sip:brigade@example.org", QueueDepth = (uint)number } } };
        return new(new ReplayedState(persistenceId, number, Events, number > 0 ? Entry(number) : null, state));
    }

    public async IAsyncEnumerable<ReplayedState> StepsAsync(string persistenceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 1; i <= Events; i++)
        {
            yield return await ReplayAsync(persistenceId, new ReplayPoint(SequenceNumber: i), cancellationToken) ?? throw new InvalidOperationException("a state was made");
        }
    }

    public ValueTask<IReadOnlyList<string>> FindActorsAsync(string written, CancellationToken cancellationToken) =>
        new(written is "sip:brigade@example.org" or Group ? [Group] : []);

    private static AuditEntry Entry(long number) =>
        new()
        {
            Ordering = number,
            PersistenceId = Group,
            SequenceNumber = number,
            Time = Start.AddSeconds(number),
            Stored = Start.AddSeconds(number),
            Description = new EventDescription { Kind = "group-provisioned", Sentence = "The group was provisioned.", Group = "sip:brigade@example.org" },
        };
}
