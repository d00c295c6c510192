using System.Text;

namespace Mcptt.Actors.Audit;

public enum FindingKind
{
    /// <summary>An event is not the one that was stored: its octets, or another column.</summary>
    ChangedEvent,

    RemovedEvent,

    InsertedEvent,

    /// <summary>Events stand in another order than their numbers say.</summary>
    SwappedOrder,

    /// <summary>The events of one command are not whole.</summary>
    BrokenCommand,

    /// <summary>Something that is left points to events at the end that are no more.</summary>
    CutOff,

    /// <summary>A column that is always the same has another value.</summary>
    Column,

    /// <summary>Tags by which events are found are missing, added or changed.</summary>
    Tag,

    /// <summary>A seal was changed, or is none.</summary>
    ChangedSeal,

    RemovedSeal,

    /// <summary>Seals are signed with another key than the one that was named.</summary>
    WrongKey,

    /// <summary>A seal is not the one of which there is a receipt.</summary>
    Receipt,
}

/// <summary>The seals around an event; 0: there is none.</summary>
public sealed record SealInterval(ulong After, DateTimeOffset? AfterTime, ulong Before, DateTimeOffset? BeforeTime)
{
    internal static SealInterval None { get; } = new(0, null, 0, null);
}

/// <summary>Something that is not as the server left it, and where.</summary>
/// <param name="SequenceNumber">0: it concerns no single event.</param>
/// <param name="Ordering">0: not known.</param>
/// <param name="Stored">The column `created` of the row, where there is one.</param>
public sealed record Finding(
    FindingKind Kind, string PersistenceId, long SequenceNumber, long Ordering, DateTimeOffset? Stored, SealInterval Between, string Text);

/// <summary>Findings of all who look, each once. Beyond the limit they are only counted.</summary>
internal sealed class Findings(int limit)
{
    private const string UnnamedPrefix = "a chain whose id has the check ";

    private readonly Lock _gate = new();
    private readonly Dictionary<(FindingKind, string, long, long), Finding> _kept = [];

    public long Count { get; private set; }

    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count >= limit;
            }
        }
    }

    /// <param name="finding">What was found.</param>
    /// <param name="isSure">It says more than one of the same kind and place that was not.</param>
    public void Add(Finding finding, bool isSure = false)
    {
        var key = (finding.Kind, finding.PersistenceId, finding.SequenceNumber, finding.Ordering);
        lock (_gate)
        {
            if (_kept.TryGetValue(key, out var before))
            {
                _kept[key] = isSure ? finding : before;
                return;
            }

            Count++;
            if (_kept.Count < limit)
            {
                _kept.Add(key, finding);
            }
        }
    }

    /// <summary>What stands for a persistence id of which a seal knows no more than its check.</summary>
    public static string Unnamed(uint check) => $"{UnnamedPrefix}{check:x8}";

    /// <summary>Gives their names to chains of which nothing is left under one seal, but something elsewhere.</summary>
    public void Name(IEnumerable<string> persistenceIds)
    {
        var unnamed = ToList().Where(finding => finding.PersistenceId.StartsWith(UnnamedPrefix, StringComparison.Ordinal)).ToLookup(finding => finding.PersistenceId);
        if (unnamed.Count == 0)
        {
            return;
        }

        foreach (var id in persistenceIds)
        {
            foreach (var finding in unnamed[Unnamed(SealedRows.CheckOfChain(Encoding.UTF8.GetBytes(id)))])
            {
                Withdraw(finding.Kind, finding.PersistenceId, finding.SequenceNumber, finding.Ordering);
                Add(finding with { PersistenceId = id }, isSure: true);
            }
        }
    }

    /// <summary>The event that was missed stands elsewhere.</summary>
    public void Withdraw(FindingKind kind, string persistenceId, long sequenceNumber, long ordering)
    {
        lock (_gate)
        {
            Count -= _kept.Remove((kind, persistenceId, sequenceNumber, ordering)) ? 1 : 0;
        }
    }

    /// <summary>By ordering, then by actor.</summary>
    public IReadOnlyList<Finding> ToList()
    {
        lock (_gate)
        {
            return
            [
                .. _kept.Values.OrderBy(finding => finding.Ordering).ThenBy(finding => finding.PersistenceId, StringComparer.Ordinal)
                    .ThenBy(finding => finding.SequenceNumber).ThenBy(finding => finding.Kind),
            ];
        }
    }
}
