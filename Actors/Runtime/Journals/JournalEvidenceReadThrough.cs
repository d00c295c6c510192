using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>The same for a journal that also shows what its database knows besides the events.</summary>
public abstract class JournalEvidenceReadThrough : JournalReadThrough, IJournalEvidence
{
    protected abstract IJournalEvidence Evidence { get; }

    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) => Evidence.ReadOrderingsAsync(cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        Evidence.ReadMarksAsync(afterOrdering, toOrdering, cancellationToken);

    public IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken) => Evidence.ReadTagsAsync(cancellationToken);

    public IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken) => Evidence.ReadPointersAsync(cancellationToken);
}
