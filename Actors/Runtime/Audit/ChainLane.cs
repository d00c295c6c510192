using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Checks the chains that fall to one thread: numbers without gaps, each envelope with the SHA-256 of the one before it, commands whole, columns as they
/// are always written. In the first pass it also collects what the next seal must say, and sums the tags that events should have.
/// </summary>
internal sealed class ChainLane(int chainLimit, Findings findings, KeyedHash hash, bool fromTheStart)
{
    private readonly ChainTable _chains = new(chainLimit);
    private readonly WireTags _tags = new();
    private readonly byte[] _sha256 = new byte[Sha256Value.Octets];
    private SealWindow _window = new();

    public TagSums Tags { get; } = new(hash);

    public ChainTable Chains => _chains;

    public long ChainCount { get; private set; }

    /// <summary>More rows stand between two seals than a seal can cover.</summary>
    public bool IsOverfull { get; private set; }

    /// <param name="stored">A row of a chain of this lane.</param>
    /// <param name="between">The seals around it.</param>
    /// <param name="isFirstPass">Else only the chain is looked at.</param>
    /// <param name="isUnderSeal">A seal should cover it.</param>
    public void Take(in StoredEvent stored, SealInterval between, bool isFirstPass, bool isUnderSeal)
    {
        SHA256.HashData(stored.Message, _sha256);
        if (isFirstPass)
        {
            if (isUnderSeal && !_window.TryAdd(stored, _sha256))
            {
                IsOverfull = true;
            }

            _tags.Read(stored.PersistenceId, stored.Message);
            for (var i = 0; i < _tags.Count; i++)
            {
                Tags.Add(stored.Ordering, stored.SequenceNumber, stored.PersistenceId, _tags[i]);
            }

            CheckColumns(stored, between);
        }

        ref var head = ref _chains.GetOrAdd(stored.PersistenceId, out var isKnown);
        if (!Unsafe.IsNullRef(ref head))
        {
            CheckChain(stored, between, ref head, isKnown);
        }
    }

    public ChainSpan[] CloseWindow()
    {
        var spans = _window.Rows == 0 ? [] : _window.Close();
        _window = new SealWindow();
        IsOverfull = false;
        return spans;
    }

    /// <summary>At the end of a pass.</summary>
    public void Count() => ChainCount += _chains.Count;

    /// <summary>Chains whose last command is not whole. At the end of a pass.</summary>
    public void CheckEnds()
    {
        foreach (var (id, head) in _chains.Heads)
        {
            if (head.Index + 1 < head.Count)
            {
                findings.Add(new Finding(
                    FindingKind.CutOff, id, head.SequenceNumber + 1, head.Ordering, null, SealInterval.None,
                    $"the last command has {head.Count} events and the chain ends with its event {head.Index + 1}: events from {head.SequenceNumber + 1} on were removed"));
            }
        }
    }

    private void CheckColumns(in StoredEvent stored, SealInterval between)
    {
        var wrong = stored.Identifier != JournalFormat.SerializerId ? $"identifier is {stored.Identifier}, not {JournalFormat.SerializerId}"
            : stored.Manifest != JournalFormat.EventManifest ? $"manifest is \"{stored.Manifest}\", not \"{JournalFormat.EventManifest}\""
            : stored.IsMarked ? "deleted or tags is set: other readers may pass the row over"
            : stored.Ordering <= 0 ? "its ordering is not above 0: readers that begin at 0 never see it"
            : null;
        if (wrong is not null)
        {
            findings.Add(Found(FindingKind.Column, stored, between, wrong));
        }
    }

    private void CheckChain(in StoredEvent stored, SealInterval between, ref ChainHead head, bool isKnown)
    {
        var isRead = EnvelopeLink.TryRead(stored.Message, out var link);
        if (!isRead)
        {
            findings.Add(Found(FindingKind.ChangedEvent, stored, between, "its octets are no envelope"));
        }

        if (!isKnown)
        {
            CheckFirst(stored, between, link);
        }
        else if (stored.SequenceNumber <= head.SequenceNumber)
        {
            CheckSwapped(stored, between, head);
            return;
        }
        else if (stored.SequenceNumber > head.SequenceNumber + 1)
        {
            AddRemoved(stored, between, head.SequenceNumber + 1);
        }
        else if (isRead)
        {
            CheckLink(stored, between, head, link);
        }

        head.SequenceNumber = stored.SequenceNumber;
        head.Ordering = stored.Ordering;
        head.Index = link.Index;
        head.Count = link.Count;
        _sha256.CopyTo(head.Sha256);
    }

    private void CheckFirst(in StoredEvent stored, SealInterval between, in EnvelopeLink link)
    {
        if (!fromTheStart)
        {
            return;
        }

        if (stored.SequenceNumber > 1)
        {
            AddRemoved(stored, between, 1);
        }
        else if (stored.SequenceNumber < 1)
        {
            findings.Add(Found(FindingKind.InsertedEvent, stored, between, "sequence numbers begin with 1"));
        }
        else if (!link.PreviousSha256.IsEmpty)
        {
            findings.Add(Found(FindingKind.ChangedEvent, stored, between, "the first event of a chain follows none, and this one names one"));
        }
    }

    private void CheckSwapped(in StoredEvent stored, SealInterval between, in ChainHead head)
    {
        findings.Withdraw(FindingKind.RemovedEvent, stored.PersistenceId, stored.SequenceNumber, 0);
        findings.Add(Found(
            FindingKind.SwappedOrder, stored, between, $"it stands after event {head.SequenceNumber} (ordering {head.Ordering}): orderings were exchanged, or it was put in"));
    }

    private void CheckLink(in StoredEvent stored, SealInterval between, in ChainHead head, in EnvelopeLink link)
    {
        if (!link.PreviousSha256.SequenceEqual(head.Sha256))
        {
            findings.Add(new Finding(
                FindingKind.ChangedEvent, stored.PersistenceId, head.SequenceNumber, head.Ordering, null, between,
                $"it is not the event that event {stored.SequenceNumber} (ordering {stored.Ordering}) follows: one of the two was changed"));
        }

        var fits = head.Index + 1 < head.Count ? link.Index == head.Index + 1 && link.Count == head.Count : link.Index == 0;
        if (!fits)
        {
            findings.Add(Found(
                FindingKind.BrokenCommand, stored, between,
                $"it is event {link.Index + 1} of {link.Count} of its command, and the one before it {head.Index + 1} of {head.Count}"));
        }
    }

    // An event that stood alone is withdrawn when it is found elsewhere: its ordering is not part of what it is known by.
    private void AddRemoved(in StoredEvent stored, SealInterval between, long first)
    {
        var last = stored.SequenceNumber - 1;
        findings.Add(new Finding(
            FindingKind.RemovedEvent, stored.PersistenceId, first, 0, null, between,
            first == last
                ? $"it is missing before event {stored.SequenceNumber} (ordering {stored.Ordering}, stored {stored.Created:yyyy-MM-dd HH:mm:ss}Z)"
                : $"events {first} to {last} are missing before event {stored.SequenceNumber} (ordering {stored.Ordering}, stored {stored.Created:yyyy-MM-dd HH:mm:ss}Z)"));
    }

    private static Finding Found(FindingKind kind, in StoredEvent stored, SealInterval between, string text) =>
        new(kind, stored.PersistenceId, stored.SequenceNumber, stored.Ordering, stored.Created, between, text);
}
