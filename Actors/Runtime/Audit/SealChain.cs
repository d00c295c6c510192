using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>The chain of seals in a journal.</summary>
internal static class SealChain
{
    private const int LookFactor = 8;

    /// <summary>The last row of it, however many seals there are: it is near the end of the journal, and is looked for from there, ever farther back.</summary>
    /// <param name="journal">Where it is looked for.</param>
    /// <param name="firstLook">Orderings from the end that are read first.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async ValueTask<StoredEvent?> ReadLastAsync(IJournalReader journal, long firstLook, CancellationToken cancellationToken)
    {
        var end = await journal.ReadLastOrderingAsync(cancellationToken);
        for (var look = firstLook; ; look *= LookFactor)
        {
            var from = Math.Max(0, end - look);
            StoredEvent? found = null;
            await foreach (var stored in journal.ReadAllAsync(from, cancellationToken))
            {
                found = stored.PersistenceId == SealLimits.PersistenceId ? stored : found;
            }

            if (found is not null || from == 0)
            {
                return found;
            }
        }
    }
}
